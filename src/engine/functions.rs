//! SQL functions that the engine adds: what standard SQL lacks and definitions need, one value a row.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{
    BaseColumnUdf, BooleanChunked, Column, DataType, Field, Float64Chunked, Int64Chunked,
    IntoColumn, ListChunked, PlSmallStr, PolarsError, PolarsResult, Schema, StringChunked,
    UserDefinedFunction,
};
use polars::sql::{FunctionOptions, FunctionRegistry};

use crate::identity::{is_placeholder, is_word_for_nothing};
use crate::native::intervals::union_length;
use crate::native::statistics::{
    binomial_lower_tail, binomial_upper_tail, kolmogorov_p, poisson_upper_tail,
};

/// A function by name.
struct Function {
    name: &'static str,
    result: DataType,
    body: fn(&[Column]) -> PolarsResult<Column>,
}

/// All of them.
const FUNCTIONS: [Function; 8] = [
    // The 16 lower-case hex digits in which people see a pseudonym.
    Function {
        name: "key_hex",
        result: DataType::String,
        body: key_hex,
    },
    // Hash of a list of texts and of one more text, 16 hex digits: whether both are the same as before.
    Function {
        name: "evidence_hash",
        result: DataType::String,
        body: evidence_hash,
    },
    // Whether a text only fills a field: one digit repeated, or a run of digits such as 123456.
    Function {
        name: "is_placeholder",
        result: DataType::Boolean,
        body: placeholder,
    },
    // Length of the union of intervals, from the list of their starts and the list of their ends.
    Function {
        name: "union_length",
        result: DataType::Int64,
        body: interval_union,
    },
    // P(X ≥ k) of k successes in n trials at a rate.
    Function {
        name: "binomial_upper_tail",
        result: DataType::Float64,
        body: |arguments| binomial(arguments, binomial_upper_tail),
    },
    // P(X ≤ k) of k successes in n trials at a rate.
    Function {
        name: "binomial_lower_tail",
        result: DataType::Float64,
        body: |arguments| binomial(arguments, binomial_lower_tail),
    },
    // P(X ≥ k) of a count with a mean.
    Function {
        name: "poisson_upper_tail",
        result: DataType::Float64,
        body: |arguments| {
            let [counts, means] = take(arguments, "poisson_upper_tail")?;
            let (counts, means) = (ints(counts)?, floats(means)?);
            let tails: Float64Chunked = counts
                .into_iter()
                .zip(means)
                .map(|(count, mean)| poisson_upper_tail(count?, mean?))
                .collect();
            Ok(tails.into_column())
        },
    },
    // Two-sided p-value of a one-sample Kolmogorov–Smirnov distance in a sample of n.
    Function {
        name: "kolmogorov_p",
        result: DataType::Float64,
        body: |arguments| {
            let [distances, samples] = take(arguments, "kolmogorov_p")?;
            let (distances, samples) = (floats(distances)?, ints(samples)?);
            let values: Float64Chunked = distances
                .into_iter()
                .zip(samples)
                .map(|(distance, sample)| kolmogorov_p(distance?, sample?))
                .collect();
            Ok(values.into_column())
        },
    },
];

struct Functions;

/// The registry given to every query.
pub(super) fn registry() -> Arc<dyn FunctionRegistry> {
    Arc::new(Functions)
}

fn find(name: &str) -> Option<&'static Function> {
    const ALL: &[Function] = &FUNCTIONS;
    ALL.iter()
        .find(|function| name.eq_ignore_ascii_case(function.name))
}

/// Whether a function of this name is the program's own.
pub(super) fn is_known(name: &str) -> bool {
    find(name).is_some()
}

impl FunctionRegistry for Functions {
    fn register(&mut self, name: &str, _function: UserDefinedFunction) -> PolarsResult<()> {
        Err(refuse(format!("function `{name}` cannot be added")))
    }

    fn get_udf(&self, name: &str) -> PolarsResult<Option<UserDefinedFunction>> {
        Ok(find(name).map(|function| {
            let body = BaseColumnUdf::new(
                move |arguments: &mut [Column]| {
                    let rows = arguments.iter().map(Column::len).max().unwrap_or_default();
                    let whole: Vec<Column> = arguments
                        .iter()
                        .map(|argument| spread(argument, rows))
                        .collect();
                    let name = arguments.first().map(|column| column.name().clone());
                    Ok((function.body)(&whole)?.with_name(name.unwrap_or_default()))
                },
                move |_: &Schema, fields: &[Field]| {
                    let name = fields.first().map(|field| field.name().clone());
                    Ok(Field::new(
                        name.unwrap_or_default(),
                        function.result.clone(),
                    ))
                },
            );
            let name = PlSmallStr::from_static(function.name);
            let mut function = UserDefinedFunction::new(name, body);
            function.options = FunctionOptions::elementwise();
            function
        }))
    }

    fn contains(&self, name: &str) -> bool {
        is_known(name)
    }
}

fn refuse(message: String) -> PolarsError {
    PolarsError::InvalidOperation(message.into())
}

/// A literal among the arguments comes as one row.
fn spread(argument: &Column, rows: usize) -> Column {
    if argument.len() == 1 && rows != 1 {
        argument.new_from_index(0, rows)
    } else {
        argument.clone()
    }
}

fn take<'a, const COUNT: usize>(
    arguments: &'a [Column],
    name: &str,
) -> PolarsResult<&'a [Column; COUNT]> {
    arguments
        .try_into()
        .map_err(|_| refuse(format!("{name} takes {COUNT} argument(s)")))
}

fn ints(column: &Column) -> PolarsResult<Vec<Option<i64>>> {
    Ok(column.cast(&DataType::Int64)?.i64()?.iter().collect())
}

fn floats(column: &Column) -> PolarsResult<Vec<Option<f64>>> {
    Ok(column.cast(&DataType::Float64)?.f64()?.iter().collect())
}

fn key_hex(arguments: &[Column]) -> PolarsResult<Column> {
    let [keys] = take(arguments, "key_hex")?;
    let text: StringChunked = ints(keys)?
        .into_iter()
        .map(|key| key.map(|key| format!("{:016x}", key.cast_unsigned())))
        .collect();
    Ok(text.into_column())
}

fn evidence_hash(arguments: &[Column]) -> PolarsResult<Column> {
    let [lists, facts] = take(arguments, "evidence_hash")?;
    let (lists, facts) = (lists.list()?, facts.str()?);
    let mut hashes = Vec::with_capacity(lists.len());
    for place in 0..lists.len() {
        let hash = match lists.get_as_series(place) {
            None => None,
            Some(list) => {
                let mut hasher = blake3::Hasher::new();
                for text in list.str()?.iter().flatten() {
                    hasher.update(text.as_bytes());
                    hasher.update(b"\n");
                }
                hasher.update(facts.get(place).unwrap_or_default().as_bytes());
                let hex = hasher.finalize().to_hex();
                Some(hex.chars().take(16).collect::<String>())
            }
        };
        hashes.push(hash);
    }
    Ok(StringChunked::from_iter(hashes).into_column())
}

fn interval_union(arguments: &[Column]) -> PolarsResult<Column> {
    let [starts, ends] = take(arguments, "union_length")?;
    let (starts, ends) = (starts.list()?.rechunk(), ends.list()?.rechunk());
    let (start_values, end_values) = (whole_values(&starts)?, whole_values(&ends)?);
    let (start_values, end_values) = (start_values.cont_slice()?, end_values.cont_slice()?);
    // Reused, since there are many lists and each is short.
    let (mut of_starts, mut of_ends) = (Vec::new(), Vec::new());
    let lengths = places(&starts)
        .zip(places(&ends))
        .map(|(start_place, end_place)| {
            of_starts.clear();
            of_starts.extend(start_values.get(start_place).into_iter().flatten());
            of_ends.clear();
            of_ends.extend(end_values.get(end_place).into_iter().flatten());
            let length = union_length(&mut of_starts, &mut of_ends);
            // Both are in order now, so one that ends before it starts is mostly seen.
            if of_starts.len() == of_ends.len()
                && of_starts.iter().zip(&of_ends).all(|(s, e)| s <= e)
            {
                Ok(length)
            } else {
                Err(refuse(
                    "union_length: an interval ends before it starts, or lacks an end".to_owned(),
                ))
            }
        })
        .collect::<PolarsResult<Vec<i64>>>()?;
    Ok(Int64Chunked::from_vec(PlSmallStr::EMPTY, lengths).into_column())
}

/// The values of all lists in one piece; none may be missing.
fn whole_values(lists: &ListChunked) -> PolarsResult<Int64Chunked> {
    let values = lists.get_inner().i64()?.rechunk().into_owned();
    if lists.null_count() + values.null_count() > 0 {
        return Err(refuse(
            "union_length: the ends of an interval are missing".to_owned(),
        ));
    }
    Ok(values)
}

/// Where each list's values stand among all values.
fn places(lists: &ListChunked) -> impl Iterator<Item = Range<usize>> {
    lists
        .downcast_iter()
        .flat_map(|chunk| (0..chunk.len()).map(|at| chunk.offsets().start_end(at)))
        .map(|(start, end)| start..end)
}

fn placeholder(arguments: &[Column]) -> PolarsResult<Column> {
    let [texts] = take(arguments, "is_placeholder")?;
    let texts = texts.cast(&DataType::String)?;
    let found: BooleanChunked = texts
        .str()?
        .iter()
        .map(|text| text.map(|text| is_placeholder(text) || is_word_for_nothing(text)))
        .collect();
    Ok(found.into_column())
}

fn binomial(arguments: &[Column], tail: fn(i64, i64, f64) -> Option<f64>) -> PolarsResult<Column> {
    let [successes, trials, rates] = take(arguments, "a binomial tail")?;
    let (successes, trials) = (ints(successes)?, ints(trials)?);
    let rates = floats(rates)?;
    let tails: Float64Chunked = successes
        .into_iter()
        .zip(trials)
        .zip(rates)
        .map(|((successes, trials), rate)| tail(successes?, trials?, rate?))
        .collect();
    Ok(tails.into_column())
}
