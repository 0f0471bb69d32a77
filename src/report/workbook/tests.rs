//! Workbooks read back.

mod cells;
mod files;
mod grids;
mod layouts;
mod support;
