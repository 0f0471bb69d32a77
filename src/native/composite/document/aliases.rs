//! Other names of methods, as papers and programs spell them.

/// Name in use elsewhere, name here.
const ALIASES: [(&str, &str); 38] = [
    ("minmax", "min_max"),
    ("rescaling", "min_max"),
    ("zscore", "z_score"),
    ("standardisation", "z_score"),
    ("standardization", "z_score"),
    ("percentile", "percentile_rank"),
    ("goalpost", "goalposts"),
    ("distance_to_reference", "distance"),
    ("distance_to_a_reference", "distance"),
    ("mean", "arithmetic"),
    ("average", "arithmetic"),
    ("linear", "arithmetic"),
    ("additive", "arithmetic"),
    ("arithmetic_mean", "arithmetic"),
    ("weighted_mean", "arithmetic"),
    ("geometric_mean", "geometric"),
    ("harmonic_mean", "harmonic"),
    ("ordered_weighted", "owa"),
    ("ordered_weighted_average", "owa"),
    ("ordered_weighted_averaging", "owa"),
    ("bod", "benefit_of_the_doubt"),
    ("dea", "benefit_of_the_doubt"),
    ("factor", "pca"),
    ("factors", "pca"),
    ("factor_analysis", "pca"),
    ("principal_components", "pca"),
    ("equal_weights", "equal"),
    ("log", "logarithm"),
    ("ln", "logarithm"),
    ("ln", "log"),
    ("logarithm", "log"),
    ("boxcox", "box_cox"),
    ("winsorize", "winsorise"),
    ("higher_is_better", "higher"),
    ("lower_is_better", "lower"),
    ("benefit", "higher"),
    ("cost", "lower"),
    ("median", "group_median"),
];

/// Whether a text names a method, whatever its case and whether words are joined by `-` or `_`.
pub(super) fn same_method(text: &str, name: &str) -> bool {
    let plain = text.trim().to_lowercase().replace(['-', '–', ' '], "_");
    let known = |(other, here): &(&str, &str)| *other == plain && *here == name;
    plain == name || ALIASES.iter().any(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_methods() {
        assert!(same_method("Min-Max", "min_max"));
        assert!(same_method("z-score", "z_score"));
        assert!(same_method("BoD", "benefit_of_the_doubt"));
        assert!(same_method("log", "logarithm") && same_method("ln", "log"));
        assert!(!same_method("median", "min_max"));
    }
}
