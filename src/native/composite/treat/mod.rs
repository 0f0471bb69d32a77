//! Treatment of values that would rule an item's whole scale (OECD/JRC Handbook, section 5; JRC audits of composite
//! indicators: |skewness| > 2 and kurtosis > 3.5). What was done is told item by item.

mod moments;
mod power;

pub use moments::Shape;
pub use power::Power;

use super::peers::Peers;

/// What is done about outlying values before normalisation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Treatment {
    /// Values stand as they are.
    None,
    /// Values outside these quantiles of the peers count as the quantile.
    Quantiles { lower: f64, upper: f64 },
    /// Where the shape needs it: the outermost values count as the next ones, one by one, until the shape is good or
    /// `most` values have moved. Where that does not help the transform is taken instead, if there is one.
    Winsorise {
        most: usize,
        then: Option<Transform>,
    },
    /// The transform, where the shape needs it or always.
    Transform { transform: Transform, always: bool },
}

/// A change of scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Transform {
    Logarithm,
    /// With the given λ or that of the greatest likelihood.
    BoxCox(Option<f64>),
}

impl Treatment {
    /// Whether values may come out on another scale, so that goalposts and targets in the item's units mean nothing.
    pub fn changes_scale(self) -> bool {
        match self {
            Self::None | Self::Quantiles { .. } | Self::Winsorise { then: None, .. } => false,
            Self::Winsorise { .. } | Self::Transform { .. } => true,
        }
    }
}

/// What was done to one item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Treated {
    /// Shape of the peers' values before and after; `None` where they have none.
    pub before: Option<Shape>,
    pub after: Option<Shape>,
    /// Values below the first and above the second count as them.
    pub lowest: Option<f64>,
    pub highest: Option<f64>,
    /// Number of peers' values that were moved up and down.
    pub moved_up: usize,
    pub moved_down: usize,
    pub power: Option<Power>,
}

impl Treated {
    /// The treated value; `None` where the transform has none.
    pub(super) fn apply(&self, value: f64) -> Option<f64> {
        let value = self.lowest.map_or(value, |lowest| value.max(lowest));
        let value = self.highest.map_or(value, |highest| value.min(highest));
        match &self.power {
            Some(power) => power.apply(value),
            None => Some(value),
        }
    }

    /// Whether nothing was changed.
    pub fn is_untouched(&self) -> bool {
        self.moved_up == 0 && self.moved_down == 0 && self.power.is_none()
    }

    /// In words: `none`, `winsorised 2 high`, `log`, `box-cox 0.31`.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        for (count, end) in [(self.moved_up, "low"), (self.moved_down, "high")] {
            if count > 0 {
                words.push(format!("winsorised {count} {end}"));
            }
        }
        if let Some(power) = self.power {
            words.push(if power.lambda == 0.0 {
                "log".to_owned()
            } else {
                format!("box-cox {:.4}", power.lambda)
            });
            if power.shift != 0.0 {
                words.push(format!("after adding {}", power.shift));
            }
        }
        if words.is_empty() {
            return "none".to_owned();
        }
        words.join(", ")
    }
}

/// What a treatment does to an item with these peers.
pub(super) fn treat(treatment: Treatment, peers: &Peers) -> Treated {
    let values = peers.ascending();
    let before = Shape::of(values);
    let is_bad = before.is_some_and(Shape::needs_treatment);
    let mut treated = match treatment {
        Treatment::Quantiles { lower, upper } => Treated {
            lowest: peers.quantile(lower),
            highest: peers.quantile(upper),
            ..Treated::default()
        },
        Treatment::Winsorise { most, then } if is_bad => winsorise(values, most, then),
        Treatment::Transform { transform, always } if is_bad || always => {
            transformed(values, transform)
        }
        Treatment::None | Treatment::Winsorise { .. } | Treatment::Transform { .. } => {
            Treated::default()
        }
    };
    let below = |value: &&f64| treated.lowest.is_some_and(|lowest| **value < lowest);
    let above = |value: &&f64| treated.highest.is_some_and(|highest| **value > highest);
    let (moved_up, moved_down) = (
        values.iter().filter(below).count(),
        values.iter().filter(above).count(),
    );
    (treated.moved_up, treated.moved_down) = (moved_up, moved_down);
    let after: Vec<f64> = values
        .iter()
        .filter_map(|value| treated.apply(*value))
        .collect();
    treated.before = before;
    treated.after = Shape::of(&after);
    treated
}

fn transformed(values: &[f64], transform: Transform) -> Treated {
    let lambda = match transform {
        Transform::Logarithm => Some(0.0),
        Transform::BoxCox(lambda) => lambda,
    };
    Treated {
        power: Some(Power::of(values, lambda)),
        ..Treated::default()
    }
}

fn winsorise(values: &[f64], most: usize, then: Option<Transform>) -> Treated {
    let (mut low, mut high) = (0, 0);
    loop {
        let treated = Treated {
            lowest: values.get(low).copied().filter(|_| low > 0),
            highest: values.iter().rev().nth(high).copied().filter(|_| high > 0),
            ..Treated::default()
        };
        let held: Vec<f64> = values
            .iter()
            .filter_map(|value| treated.apply(*value))
            .collect();
        let Some(shape) = Shape::of(&held).filter(|shape| shape.needs_treatment()) else {
            return treated;
        };
        if low + high >= most.min(values.len()) {
            return then.map_or(treated, |transform| transformed(values, transform));
        }
        // One more value counts as its neighbour, at the end where the tail is.
        *(if shape.skewness < 0.0 {
            &mut low
        } else {
            &mut high
        }) += 1;
    }
}

#[cfg(test)]
mod tests;
