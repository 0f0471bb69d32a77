//! Integrity: what people have confirmed against a unit moves its score by a factor.

/// The factor's shape (evaluation page): 1 up to a little above the neutral point, a small reward beyond it, and a
/// straight line down to 0 below, without a cliff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntegrityRule {
    /// Integrity at which the factor is 1; below it the factor is integrity / neutral.
    pub neutral: f64,
    /// From here on the factor is 1 + (integrity − neutral) / reward_span.
    pub reward_from: f64,
    pub reward_span: f64,
    /// Largest total.
    pub total_cap: f64,
}

/// Integrity of a unit nothing is held against.
const FULL_INTEGRITY: f64 = 100.0;

impl IntegrityRule {
    /// 100 less the confirmed deductions, at least 0.
    pub fn integrity(&self, deduction: f64) -> f64 {
        (FULL_INTEGRITY - deduction).max(0.0)
    }

    pub fn factor(&self, integrity: f64) -> f64 {
        if integrity >= self.reward_from {
            return 1.0 + (integrity - self.neutral) / self.reward_span;
        }
        if integrity >= self.neutral {
            return 1.0;
        }
        integrity / self.neutral
    }

    /// Score × factor, at most the cap.
    pub fn total(&self, score: f64, integrity: f64) -> f64 {
        (score * self.factor(integrity)).min(self.total_cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: IntegrityRule = IntegrityRule {
        neutral: 74.0,
        reward_from: 75.0,
        reward_span: 200.0,
        total_cap: 100.0,
    };

    #[test]
    fn factor_follows_the_evaluation_page() {
        assert_eq!(DEFAULT.factor(100.0), 1.13);
        assert_eq!(DEFAULT.factor(75.0), 1.005);
        assert_eq!(DEFAULT.factor(74.999), 1.0);
        assert_eq!(DEFAULT.factor(74.0), 1.0);
        assert_eq!(DEFAULT.factor(37.0), 0.5);
        assert_eq!(DEFAULT.factor(0.0), 0.0);
    }

    #[test]
    fn integrity_never_falls_below_zero_and_total_never_rises_above_the_cap() {
        assert_eq!(DEFAULT.integrity(0.0), 100.0);
        assert_eq!(DEFAULT.integrity(26.0), 74.0);
        assert_eq!(DEFAULT.integrity(140.0), 0.0);
        assert_eq!(DEFAULT.total(95.0, 100.0), 100.0);
        assert_eq!(DEFAULT.total(80.0, 37.0), 40.0);
    }
}
