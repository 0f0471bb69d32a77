//! Primary suppression: which cells are sensitive, and what an attacker's interval must cover.
//!
//! Rules and protection levels follow Hundepool et al., *Handbook on Statistical Disclosure Control*, chapter 4
//! (sensitivity rules; upper protection levels): minimum frequency, (1,k) dominance and p %.

/// What a sensitive cell needs: every attacker's interval must reach down to `low`, up to `high`, and be at least
/// `width` wide. The three are the lower, upper and sliding protection levels of Fischetti and Salazar (2001), written
/// as values instead of distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The interval must hold a value of at most this.
    pub low: i64,
    /// The interval must hold a value of at least this.
    pub high: i64,
    /// Largest less smallest value must be at least this.
    pub width: i64,
}

impl Need {
    /// What a suppressed cell needs that is not sensitive itself: at least two possible values, so that it was not
    /// suppressed in vain.
    pub fn not_derivable(value: i64) -> Need {
        Need {
            low: value,
            high: value,
            width: 1,
        }
    }

    /// Whether an interval covers what is needed.
    pub fn is_met_by(&self, low: i64, high: i64) -> bool {
        low <= self.low && high >= self.high && high - low >= self.width
    }

    /// The need of a figure that must meet both.
    pub fn and(self, other: Need) -> Need {
        Need {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            width: self.width.max(other.width),
        }
    }
}

/// Thresholds of the sensitivity rules. All of them are policy parameters; shares are in millionths, as policy rows
/// hold them, so that "85 % or more" is compared exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Least number of persons or payees that may be shown: with 5, counts of 1–4 are suppressed.
    pub threshold: i64,
    /// Share of an amount, in millionths, from which its largest contributor dominates it: the `k` of the (1,k) rule.
    /// `None` turns the rule off.
    pub dominance_e6: Option<i64>,
    /// An amount is sensitive when its second largest contributor could estimate the largest to within this share of
    /// it, in millionths: the `p` of the p % rule. `None` turns the rule off.
    pub p_e6: Option<i64>,
    /// Lower end of what the interval of a small count must cover.
    pub cover_low: i64,
    /// Upper end of what the interval of a small count must cover.
    pub cover_high: i64,
    /// Distance on either side, as a share of the value in millionths, that the interval of a sensitive amount must
    /// keep where no rule asks for more.
    pub amount_e6: i64,
}

impl Default for Rules {
    /// The thresholds of `spec/tables.md`: 1–4 persons, fewer than 5 payees, 85 % or more. The p % rule is off, since
    /// that page does not ask for it; `spec/domain.md` 4.3 suggests p = 10.
    fn default() -> Rules {
        Rules {
            threshold: 5,
            dominance_e6: Some(850_000),
            p_e6: None,
            cover_low: 1,
            cover_high: 4,
            amount_e6: 100_000,
        }
    }
}

/// Who is behind an amount, in the amount's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contributors {
    /// Number of distinct contributors: payees of a sum of money, completions behind hours.
    pub count: i64,
    /// The largest contributor's part; `None` where concentration is no concern.
    pub largest: Option<i64>,
    /// The second largest contributor's part; `None` where it is not known, which is taken as 0.
    pub second: Option<i64>,
}

impl Rules {
    /// The need of a count of persons, or of events that give persons away: fewer events than the threshold mean
    /// fewer persons. `None` when the count may be shown; 0 always may.
    ///
    /// A star says "probably 1–4". Only if the interval still holds all of 1..4 does everything else that is published
    /// add nothing to what the star says, whatever the attacker believes of its reason; so this is the default cover.
    pub fn count(&self, value: i64) -> Option<Need> {
        (1..self.threshold).contains(&value).then(|| Need {
            low: self.cover_low.min(value),
            high: self.cover_high.max(value),
            width: 1,
        })
    }

    /// The need of an amount: too few contributors, one that dominates (share reached or passed), or p %.
    pub fn amount(&self, value: i64, contributors: &Contributors) -> Option<Need> {
        if value <= 0 {
            return None;
        }
        let distance = self.distance(value, contributors)?;
        Some(Need {
            low: (value - distance).max(1),
            high: value.saturating_add(distance),
            width: 1,
        })
    }

    /// How far the interval of a sensitive amount must reach to either side: the largest distance of the rules broken.
    fn distance(&self, value: i64, contributors: &Contributors) -> Option<i64> {
        let total = i128::from(value);
        let largest = contributors.largest.map(i128::from);
        let second = contributors.second.map_or(0, i128::from);
        let few = (contributors.count < self.threshold).then_some(0);
        let dominated = largest.zip(self.dominance_e6).and_then(|(part, share)| {
            let share = i128::from(share);
            // Upper protection level of the (1,k) rule: x1 · 100 / k - X.
            (part * MILLION >= share * total).then(|| ceiling(part * MILLION, share) - total)
        });
        let estimable = largest.zip(self.p_e6).and_then(|(part, share)| {
            // Upper protection level of the p % rule: x1 · p / 100 - (X - x1 - x2).
            let excess = i128::from(share) * part - (total - part - second) * MILLION;
            (excess > 0).then(|| ceiling(excess, MILLION))
        });
        let broken = [few, dominated, estimable].into_iter().flatten();
        let strictest = broken.max()?;
        let least = ceiling(i128::from(self.amount_e6) * total, MILLION).max(1);
        i64::try_from(strictest.max(least)).ok()
    }
}

const MILLION: i128 = 1_000_000;

/// The quotient rounded up; 0 for a divisor that is no share.
fn ceiling(dividend: i128, divisor: i128) -> i128 {
    if divisor <= 0 {
        return 0;
    }
    dividend.div_euclid(divisor) + i128::from(dividend.rem_euclid(divisor) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contributors(count: i64, largest: i64, second: i64) -> Contributors {
        Contributors {
            count,
            largest: Some(largest),
            second: Some(second),
        }
    }

    #[test]
    fn counts_of_one_to_four_are_sensitive() {
        let rules = Rules::default();
        for value in [0, 5, 6, 1_000_000] {
            assert_eq!(rules.count(value), None);
        }
        for value in 1..=4 {
            let need = rules.count(value).unwrap();
            assert!(need.is_met_by(1, 4) && !need.is_met_by(2, 4) && !need.is_met_by(1, 3));
        }
        let higher = Rules {
            threshold: 10,
            ..rules
        };
        let need = higher.count(9).unwrap();
        assert!(need.is_met_by(1, 9) && !need.is_met_by(1, 8));
    }

    #[test]
    fn fewer_than_five_payees() {
        let rules = Rules::default();
        assert!(rules.amount(1000, &contributors(4, 250, 250)).is_some());
        assert_eq!(rules.amount(1000, &contributors(5, 200, 200)), None);
        assert_eq!(rules.amount(0, &contributors(0, 0, 0)), None);
    }

    #[test]
    fn dominance_is_reached_at_exactly_the_share() {
        let rules = Rules::default();
        assert!(rules.amount(100, &contributors(9, 85, 5)).is_some());
        assert!(rules.amount(20, &contributors(9, 17, 1)).is_some());
        assert_eq!(rules.amount(10_000, &contributors(9, 8499, 5)), None);
    }

    /// Handbook 4.2, example 4: X = 330 with contributions 300, 20, 10 is unsafe by the (1,85) rule, and the upper
    /// bound must not fall below 100/85 · 300 = 352.94.
    #[test]
    fn handbook_example_4_upper_protection_level_of_dominance() {
        let rules = Rules {
            threshold: 3,
            amount_e6: 0,
            ..Rules::default()
        };
        let need = rules.amount(330, &contributors(3, 300, 20)).unwrap();
        assert_eq!((need.low, need.high), (307, 353));
    }

    /// Handbook 4.2, example 1: X = 100,000 with 50,000 and 49,000 is safe by (1,90), although the second largest
    /// can estimate the largest to 2 %. The p % rule sees it.
    #[test]
    fn handbook_example_1_dominance_overlooks_what_p_percent_sees() {
        let dominance = Rules {
            dominance_e6: Some(900_000),
            ..Rules::default()
        };
        let cell = contributors(10, 50_000, 49_000);
        assert_eq!(dominance.amount(100_000, &cell), None);
        let p_percent = Rules {
            p_e6: Some(100_000),
            amount_e6: 0,
            ..dominance
        };
        // 10 % of 50,000 less the rest of 1,000: the interval must reach 4,000 up.
        let need = p_percent.amount(100_000, &cell).unwrap();
        assert_eq!(need.high, 104_000);
    }

    /// Handbook 4.2, example 2: X = 110,000 with 52,000 and 50,000 is safe by the p % rule at p = 10.
    #[test]
    fn handbook_example_2_is_safe_by_p_percent() {
        let rules = Rules {
            p_e6: Some(100_000),
            ..Rules::default()
        };
        assert_eq!(
            rules.amount(110_000, &contributors(9, 52_000, 50_000)),
            None
        );
    }
}
