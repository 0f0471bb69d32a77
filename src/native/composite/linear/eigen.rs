//! Eigenvalues and eigenvectors of a symmetric matrix by Jacobi rotations (Golub & Van Loan, *Matrix Computations*,
//! section 8.5): slow for large matrices, exact to the last digits for small ones, the same everywhere.

/// A square matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::native::composite) struct Square {
    size: usize,
    cells: Vec<f64>,
}

impl Square {
    pub fn zero(size: usize) -> Self {
        Self {
            size,
            cells: vec![0.0; size * size],
        }
    }

    pub fn identity(size: usize) -> Self {
        let mut unit = Self::zero(size);
        for place in 0..size {
            unit.set(place, place, 1.0);
        }
        unit
    }

    pub fn get(&self, row: usize, column: usize) -> f64 {
        let cell = self.cells.get(row * self.size + column);
        cell.copied().unwrap_or(0.0)
    }

    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        if let Some(cell) = self.cells.get_mut(row * self.size + column) {
            *cell = value;
        }
    }

    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.size).map(|row| self.get(row, column)).collect()
    }

    fn sum_of_squares_beside_the_diagonal(&self) -> f64 {
        let mut sum = 0.0;
        for row in 0..self.size {
            for column in 0..self.size {
                if row != column {
                    sum += self.get(row, column).powi(2);
                }
            }
        }
        sum
    }

    /// Columns `left` and `right` turned into each other by the angle with this cosine and sine.
    fn turn_columns(&mut self, left: usize, right: usize, cosine: f64, sine: f64) {
        for row in 0..self.size {
            let (a, b) = (self.get(row, left), self.get(row, right));
            self.set(row, left, cosine * a - sine * b);
            self.set(row, right, sine * a + cosine * b);
        }
    }

    fn turn_rows(&mut self, upper: usize, lower: usize, cosine: f64, sine: f64) {
        for column in 0..self.size {
            let (a, b) = (self.get(upper, column), self.get(lower, column));
            self.set(upper, column, cosine * a - sine * b);
            self.set(lower, column, sine * a + cosine * b);
        }
    }
}

/// Eigenvalues in descending order, each with its vector of length 1.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::native::composite) struct Eigen {
    pub values: Vec<f64>,
    pub vectors: Vec<Vec<f64>>,
}

/// Convergence is quadratic: matrices of a hundred rows need about ten sweeps.
const MOST_SWEEPS: usize = 100;
/// Share of the matrix that may be left beside the diagonal.
const LEFT_OVER: f64 = 1e-30;

/// The eigenvalues and vectors of a symmetric matrix. A vector's largest component (the first of several) is positive.
pub(in crate::native::composite) fn eigen(matrix: &Square) -> Eigen {
    let mut rotated = matrix.clone();
    let mut vectors = Square::identity(matrix.size);
    let whole: f64 = matrix.cells.iter().map(|cell| cell * cell).sum();
    for _ in 0..MOST_SWEEPS {
        if rotated.sum_of_squares_beside_the_diagonal() <= LEFT_OVER * whole {
            break;
        }
        for left in 0..matrix.size {
            for right in left + 1..matrix.size {
                annihilate(&mut rotated, &mut vectors, left, right);
            }
        }
    }
    let mut order: Vec<usize> = (0..matrix.size).collect();
    order.sort_by(|a, b| rotated.get(*b, *b).total_cmp(&rotated.get(*a, *a)));
    Eigen {
        values: order
            .iter()
            .map(|place| rotated.get(*place, *place))
            .collect(),
        vectors: order
            .iter()
            .map(|place| upright(vectors.column(*place)))
            .collect(),
    }
}

/// The rotation that makes one cell beside the diagonal 0.
fn annihilate(matrix: &mut Square, vectors: &mut Square, left: usize, right: usize) {
    let cell = matrix.get(left, right);
    if cell == 0.0 {
        return;
    }
    let slope = (matrix.get(right, right) - matrix.get(left, left)) / (2.0 * cell);
    let tangent = slope.signum() / (slope.abs() + slope.hypot(1.0));
    let cosine = tangent.hypot(1.0).recip();
    let sine = tangent * cosine;
    matrix.turn_columns(left, right, cosine, sine);
    matrix.turn_rows(left, right, cosine, sine);
    matrix.set(left, right, 0.0);
    matrix.set(right, left, 0.0);
    vectors.turn_columns(left, right, cosine, sine);
}

/// A vector and its opposite are one axis; this one has its largest component positive.
pub(super) fn upright(vector: Vec<f64>) -> Vec<f64> {
    let mut largest = 0.0_f64;
    for component in &vector {
        if component.abs() > largest.abs() + 1e-9 {
            largest = *component;
        }
    }
    if largest >= 0.0 {
        return vector;
    }
    vector.into_iter().map(|component| -component).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_eigenvalues() {
        // [[2, 1], [1, 2]] has 3 with (1, 1) and 1 with (1, −1).
        let mut matrix = Square::identity(2);
        for (row, column, value) in [(0, 0, 2.0), (1, 1, 2.0), (0, 1, 1.0), (1, 0, 1.0)] {
            matrix.set(row, column, value);
        }
        let found = eigen(&matrix);
        assert!((found.values[0] - 3.0).abs() < 1e-14 && (found.values[1] - 1.0).abs() < 1e-14);
        let root = 0.5f64.sqrt();
        assert!((found.vectors[0][0] - root).abs() < 1e-14);
        assert!((found.vectors[0][1] - root).abs() < 1e-14);
        assert_eq!(eigen(&Square::zero(3)).values, [0.0; 3]);
        assert!(eigen(&Square::zero(0)).values.is_empty());
    }

    proptest! {
        #[test]
        fn every_vector_is_only_stretched(cells in prop::collection::vec(-5.0f64..5.0, 36)) {
            let size = 6;
            let mut matrix = Square::zero(size);
            for row in 0..size {
                for column in 0..=row {
                    matrix.set(row, column, cells[row * size + column]);
                    matrix.set(column, row, cells[row * size + column]);
                }
            }
            let found = eigen(&matrix);
            prop_assert!(found.values.windows(2).all(|pair| pair[0] >= pair[1]));
            for (value, vector) in found.values.iter().zip(&found.vectors) {
                let length: f64 = vector.iter().map(|component| component * component).sum();
                prop_assert!((length - 1.0).abs() < 1e-12);
                for row in 0..size {
                    let image: f64 = (0..size).map(|column| matrix.get(row, column) * vector[column]).sum();
                    prop_assert!((image - value * vector[row]).abs() < 1e-10);
                }
            }
        }
    }
}
