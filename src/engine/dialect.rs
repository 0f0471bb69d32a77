//! Standard SQL on an engine that counts in 32 bits.
//!
//! polars gives counts and ranks as unsigned and small integer literals as signed 32-bit numbers, and their products wrap
//! around without a word: 4,295 counted rows times 1,000,000 come out as 32,704. Definitions are written for 64-bit
//! integers, as Spark and the standard have them, so counts, ranks and the integer results of CASE are widened before the
//! engine sees the query.
//!
//! polars multiplies by the reciprocal where a divisor is one value for all rows, and divides where a piece of a column
//! has one row: the last digit of a quotient would depend on how rows happen to be cut into pieces. A divisor is therefore
//! spread over the rows, so that every quotient is the nearest 64-bit number, as the standard has it.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, DataType, Expr, Ident, ObjectNamePart, Statement, Value,
    VisitMut, VisitorMut, helpers::attached_token::AttachedToken,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// Functions whose results are widened.
const COUNTING: [&str; 4] = ["count", "rank", "dense_rank", "row_number"];

/// The query with 64-bit counts and exact quotients. What does not parse here is left to the engine, which says best what
/// it does not understand.
pub(super) fn standard(sql: &str) -> String {
    let Ok(mut statements) = Parser::parse_sql(&GenericDialect {}, sql) else {
        return sql.to_owned();
    };
    let _ = VisitMut::visit(&mut statements, &mut Standardising);
    let texts: Vec<String> = statements.iter().map(Statement::to_string).collect();
    texts.join("; ")
}

struct Standardising;

impl VisitorMut for Standardising {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Function(function) => {
                let is_counting = match function.name.0.as_slice() {
                    [ObjectNamePart::Identifier(Ident { value, .. })] => {
                        COUNTING.iter().any(|name| value.eq_ignore_ascii_case(name))
                    }
                    _ => false,
                };
                if is_counting {
                    widen(expr);
                }
            }
            Expr::Case {
                conditions,
                else_result,
                ..
            } => {
                let results = conditions.iter_mut().map(|condition| &mut condition.result);
                for result in results.chain(else_result.as_deref_mut()) {
                    if is_integer(result) {
                        widen(result);
                    }
                }
            }
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Divide,
                right,
            } => spread(right, left),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn is_integer(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.to_string().bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        },
        Expr::UnaryOp { expr, .. } => is_integer(expr),
        _ => false,
    }
}

fn widen(expr: &mut Expr) {
    let inner = expr.clone();
    *expr = Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(inner),
        data_type: DataType::BigInt(None),
        format: None,
        array: false,
    };
}

/// Makes a divisor a column as long as the dividend. Where the dividend is missing, so is the quotient.
fn spread(divisor: &mut Expr, dividend: &Expr) {
    let inner = divisor.clone();
    *divisor = Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen {
            condition: Expr::IsNotNull(Box::new(dividend.clone())),
            result: inner,
        }],
        else_result: None,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_ranks_and_results_of_case_are_widened() {
        assert_eq!(
            standard("SELECT COUNT(*) AS n, SUM(CASE WHEN a > 0 THEN 1 ELSE 0 END) FROM t"),
            "SELECT CAST(COUNT(*) AS BIGINT) AS n, \
             SUM(CASE WHEN a > 0 THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END) FROM t"
        );
        assert_eq!(
            standard("SELECT ROW_NUMBER() OVER (ORDER BY a) AS place, 1.5 AS x FROM t"),
            "SELECT CAST(ROW_NUMBER() OVER (ORDER BY a) AS BIGINT) AS place, 1.5 AS x FROM t"
        );
    }

    #[test]
    fn divisors_are_as_long_as_the_column_that_they_divide() {
        assert_eq!(
            standard("SELECT seconds / 2700.0 AS hours FROM t"),
            "SELECT seconds / CASE WHEN seconds IS NOT NULL THEN 2700.0 END AS hours FROM t"
        );
    }

    #[test]
    fn what_does_not_parse_is_left_alone() {
        assert_eq!(standard("SELEC 1"), "SELEC 1");
    }
}
