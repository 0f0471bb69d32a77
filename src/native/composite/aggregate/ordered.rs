//! Ordered weighted averaging with importances (Yager 1988, "On ordered weighted averaging aggregation operators"; Torra
//! 1997, "The weighted OWA operator"): the weights of places are read as a line from 0 to 1 over the share of importance
//! passed; each part gets the rise of that line over its own share. With parts of one weight this is plain OWA, and any
//! number of parts can be weighed, so that missing ones leave the shape as it is.

use super::Part;

/// The parts with the weights of their places, the best part first; their order is kept.
pub(in crate::native::composite) fn by_position(parts: &[Part], places: &[f64]) -> Vec<Part> {
    let importance: f64 = parts.iter().map(|part| part.weight).sum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let score = |place: &usize| parts.get(*place).map_or(0.0, |part| part.score);
    order.sort_by(|a, b| score(b).total_cmp(&score(a)));
    let mut weighed = parts.to_vec();
    let (mut passed, mut risen) = (0.0, 0.0);
    for place in order {
        if let Some(part) = weighed.get_mut(place) {
            passed += part.weight;
            let height = line(places, passed / importance);
            part.weight = height - risen;
            risen = height;
        }
    }
    weighed
}

/// Sum of the weights of places up to a share of all places, straight in between.
fn line(places: &[f64], share: f64) -> f64 {
    let position = share * places.len() as f64;
    // Sums of shares may miss a whole number by the noise of floating-point sums.
    let nearest = position.round();
    let position = if (position - nearest).abs() < 1e-9 {
        nearest
    } else {
        position
    };
    let mut height = 0.0;
    for (place, weight) in places.iter().enumerate() {
        height += weight * (position - place as f64).clamp(0.0, 1.0);
    }
    height
}

#[cfg(test)]
mod tests {
    use super::super::Aggregation;
    use super::*;

    fn mean(pairs: &[(f64, f64)], places: &[f64]) -> f64 {
        let part = |(weight, score): &(f64, f64)| Part {
            weight: *weight,
            score: *score,
        };
        let parts: Vec<Part> = pairs.iter().map(part).collect();
        Aggregation::OrderedWeighted
            .mean(&by_position(&parts, places))
            .unwrap()
    }

    #[test]
    fn the_example_of_yager() {
        // Yager (1988): weights 0.4, 0.3, 0.2, 0.1 of (0.7, 1, 0.3, 0.6) give 0.76.
        let parts = [(1.0, 0.7), (1.0, 1.0), (1.0, 0.3), (1.0, 0.6)];
        assert!((mean(&parts, &[0.4, 0.3, 0.2, 0.1]) - 0.76).abs() < 1e-12);
    }

    #[test]
    fn ends_and_middle() {
        let parts = [(1.0, 20.0), (1.0, 80.0), (1.0, 50.0)];
        assert_eq!(mean(&parts, &[1.0, 0.0, 0.0]), 80.0);
        assert_eq!(mean(&parts, &[0.0, 0.0, 1.0]), 20.0);
        assert!((mean(&parts, &[1.0, 1.0, 1.0]) - 50.0).abs() < 1e-12);
        // Even places leave the weighted mean.
        let uneven = [(3.0, 20.0), (1.0, 80.0)];
        assert!((mean(&uneven, &[0.5, 0.5]) - 35.0).abs() < 1e-12);
        // One part of three is missing: the worst two thirds still weigh nothing … as far as they reach.
        assert!((mean(&parts[..2], &[1.0, 0.0, 0.0]) - 80.0).abs() < 1e-12);
    }
}
