//! SQL functions that the engine adds.

use std::sync::Arc;

use polars::prelude::{
    BaseColumnUdf, Column, DataType, Field, IntoColumn, PlSmallStr, PolarsError, PolarsResult,
    Schema, StringChunked, UserDefinedFunction,
};
use polars::sql::{FunctionOptions, FunctionRegistry};

/// `key_hex(int64)`: the 16 lower-case hex digits in which people see a pseudonym.
const KEY_HEX: &str = "key_hex";

struct Functions;

/// The registry given to every query.
pub(super) fn registry() -> Arc<dyn FunctionRegistry> {
    Arc::new(Functions)
}

impl FunctionRegistry for Functions {
    fn register(&mut self, name: &str, _function: UserDefinedFunction) -> PolarsResult<()> {
        Err(PolarsError::InvalidOperation(
            format!("function `{name}` cannot be added").into(),
        ))
    }

    fn get_udf(&self, name: &str) -> PolarsResult<Option<UserDefinedFunction>> {
        Ok(self.contains(name).then(|| {
            let body = BaseColumnUdf::new(key_hex, |_: &Schema, fields: &[Field]| {
                let name = fields.first().map_or_else(
                    || PlSmallStr::from_static(KEY_HEX),
                    |field| field.name().clone(),
                );
                Ok(Field::new(name, DataType::String))
            });
            let mut function = UserDefinedFunction::new(PlSmallStr::from_static(KEY_HEX), body);
            function.options = FunctionOptions::elementwise();
            function
        }))
    }

    fn contains(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(KEY_HEX)
    }
}

fn key_hex(arguments: &mut [Column]) -> PolarsResult<Column> {
    let [keys] = arguments else {
        return Err(PolarsError::InvalidOperation(
            "key_hex takes one argument".into(),
        ));
    };
    let keys = keys.cast(&DataType::Int64)?;
    let text: StringChunked = keys
        .i64()?
        .iter()
        .map(|key| key.map(|key| format!("{:016x}", key.cast_unsigned())))
        .collect();
    Ok(text.with_name(keys.name().clone()).into_column())
}
