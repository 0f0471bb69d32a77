//! Values in bars of equal width, for the charts of page and workbook.

use crate::desk::case::Peers;

/// Bars.
pub(super) const BINS: usize = 36;
/// From this ratio of the largest to the smallest value on, the axis is logarithmic.
const WIDE: f64 = 100.0;

/// How many values lie in each bar, from the least value to the most.
pub(super) struct Histogram {
    /// The least of all values and thresholds.
    pub least: f64,
    /// The most of them.
    pub most: f64,
    /// Whether bars are of equal width on a logarithmic axis.
    pub is_logarithmic: bool,
    /// All values by bar.
    pub all: [u32; BINS],
    /// Those of the case among them.
    pub own: [u32; BINS],
}

impl Histogram {
    /// None without a value.
    pub fn of(peers: &Peers) -> Option<Histogram> {
        let all = [&peers.values, &peers.own, &peers.thresholds];
        let values = || all.iter().flat_map(|values| values.iter().copied());
        let least = values().reduce(f64::min)?;
        let most = values().reduce(f64::max)?;
        if peers.values.is_empty() {
            return None;
        }
        let mut histogram = Histogram {
            least,
            most,
            is_logarithmic: least > 0.0 && most / least >= WIDE,
            all: [0; BINS],
            own: [0; BINS],
        };
        histogram.all = histogram.counts(&peers.values);
        histogram.own = histogram.counts(&peers.own);
        Some(histogram)
    }

    /// Share of the way from the least to the most; the middle where they are one.
    pub fn share(&self, value: f64) -> f64 {
        let (least, most) = (self.on_axis(self.least), self.on_axis(self.most));
        if most <= least {
            return 0.5;
        }
        ((self.on_axis(value) - least) / (most - least)).clamp(0.0, 1.0)
    }

    /// The value at which a bar begins.
    pub fn edge(&self, bin: usize) -> f64 {
        let (least, most) = (self.on_axis(self.least), self.on_axis(self.most));
        let value = least + (most - least) * bin as f64 / BINS as f64;
        if self.is_logarithmic {
            value.exp()
        } else {
            value
        }
    }

    fn on_axis(&self, value: f64) -> f64 {
        if self.is_logarithmic {
            value.ln()
        } else {
            value
        }
    }

    fn bin(&self, value: f64) -> usize {
        let place = self.share(value) * BINS as f64;
        (place as usize).min(BINS - 1)
    }

    fn counts(&self, values: &[f64]) -> [u32; BINS] {
        let mut counts = [0_u32; BINS];
        for value in values {
            if let Some(count) = counts.get_mut(self.bin(*value)) {
                *count = count.saturating_add(1);
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: &[f64]) -> Histogram {
        let peers = Peers {
            values: values.to_vec(),
            ..Peers::default()
        };
        Histogram::of(&peers).unwrap()
    }

    #[test]
    fn values_far_apart_are_set_on_a_logarithmic_axis() {
        let wide = histogram(&[1.0, 100.0, 10_000.0]);
        assert!(wide.is_logarithmic && (wide.share(100.0) - 0.5).abs() < 1e-9);
        assert!((wide.edge(BINS / 2) - 100.0).abs() < 1e-6);
        let plain = histogram(&[0.0, 10_000.0]);
        assert!(!plain.is_logarithmic && plain.bin(10_000.0) == BINS - 1);
        assert!((plain.edge(BINS) - 10_000.0).abs() < 1e-6);
        assert_eq!(histogram(&[3.0]).bin(3.0), BINS / 2);
    }

    #[test]
    fn every_value_lies_in_one_bar() {
        let values: Vec<f64> = (0..1000).map(|value| f64::from(value).sqrt()).collect();
        assert_eq!(histogram(&values).all.iter().sum::<u32>(), 1000);
    }
}
