//! Means, spreads and correlations of columns without gaps.

use super::Square;

/// The arithmetic mean; 0 of nothing.
pub(in crate::native::composite) fn mean(column: &[f64]) -> f64 {
    if column.is_empty() {
        return 0.0;
    }
    column.iter().sum::<f64>() / column.len() as f64
}

/// Σ (x − mean)².
pub(in crate::native::composite) fn sum_of_squares(column: &[f64]) -> f64 {
    let mean = mean(column);
    column.iter().map(|value| (value - mean).powi(2)).sum()
}

/// Pearson's correlations of columns of one length; a column without spread has correlation 0 with the others.
pub(in crate::native::composite) fn correlations(columns: &[Vec<f64>]) -> Square {
    let scales: Vec<(f64, f64)> = columns
        .iter()
        .map(|column| (mean(column), sum_of_squares(column).sqrt()))
        .collect();
    let mut matrix = Square::identity(columns.len());
    for (row, (left, (left_mean, left_scale))) in columns.iter().zip(&scales).enumerate() {
        let others = columns.iter().zip(&scales).enumerate().skip(row + 1);
        for (column, (right, (right_mean, right_scale))) in others {
            let product: f64 = left
                .iter()
                .zip(right)
                .map(|(a, b)| (a - left_mean) * (b - right_mean))
                .sum();
            let scale = left_scale * right_scale;
            let correlation = if scale > 0.0 {
                (product / scale).clamp(-1.0, 1.0)
            } else {
                0.0
            };
            matrix.set(row, column, correlation);
            matrix.set(column, row, correlation);
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_correlations() {
        let columns = [
            vec![1.0, 2.0, 3.0, 4.0],
            vec![2.0, 4.0, 6.0, 8.0],
            vec![4.0, 3.0, 2.0, 1.0],
            vec![1.0, -1.0, -1.0, 1.0],
            vec![7.0; 4],
        ];
        let matrix = correlations(&columns);
        for (column, expected) in [1.0, 1.0, -1.0, 0.0, 0.0].into_iter().enumerate() {
            assert!((matrix.get(0, column) - expected).abs() < 1e-14);
            assert_eq!(matrix.get(0, column), matrix.get(column, 0));
        }
    }
}
