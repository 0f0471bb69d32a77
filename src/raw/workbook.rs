//! Workbooks: XLSX and XLS, by the sheet whose header the caller knows.
//!
//! The source goes to a scratch file first, for a workbook is read from its end. Its structure is checked before the
//! reading library sees it ([`package`], [`ole`], [`biff`]), because a few hundred bytes may claim any amount
//! of memory. Then the head of each sheet is judged, and a thread of its own reads the chosen sheet row by row: the
//! library's cell reader borrows the workbook, so the two stay on one stack, and blocks come through a short channel.

mod biff;
mod biff_strings;
mod book;
mod cells;
mod fault;
mod fence;
mod header;
mod ole;
mod package;
mod records;
mod rows;
mod xml_guard;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use self::book::Book;
use self::fault::Fault;
use self::header::Header;
use self::records::{BlockBuilder, WorkbookBlock};
use super::spool::spool;
use super::{Format, HeaderJudge, Limits, RawBlock, RawError, RecordReader};

/// Blocks that may wait for the caller.
const WAITING_BLOCKS: usize = 2;

/// Reads the rows of one sheet of a workbook.
pub struct WorkbookReader {
    columns: Vec<String>,
    sheet: String,
    unread: Vec<String>,
    /// What the name promises, for messages.
    promised: &'static str,
    worker: Option<Worker>,
}

impl WorkbookReader {
    /// Opens a workbook and settles sheet and header.
    ///
    /// The sheet is the first one, hidden ones last, of which one of the first rows is usable as the header; else that
    /// of the row with the most known columns; else the first that has any cell. A header may span two rows.
    ///
    /// `format` is what the name promises; a workbook of the other kind is read as what it is.
    ///
    /// # Errors
    /// [`RawError::NoHeader`] without any cell, [`RawError::Bomb`] when it unpacks too far, [`RawError::Damaged`] when
    /// it is no workbook, encrypted or broken, [`RawError::Read`] when reading or the scratch disk fails.
    pub fn open(
        source: Box<dyn Read + Send>,
        format: Format,
        limits: Limits,
        judge: HeaderJudge<'_>,
    ) -> Result<Self, RawError> {
        let promised = match format {
            Format::Xls => "XLS",
            _ => "XLSX",
        };
        let file = spool(source)?;
        let named = |fault: Fault| fault.named(promised);
        let mut book = Book::open(file, limits).map_err(named)?;
        let header = header::choose(&mut book, limits, judge)
            .map_err(named)?
            .ok_or(RawError::NoHeader)?;
        Ok(WorkbookReader {
            columns: header.columns.clone(),
            sheet: header.sheet.clone(),
            unread: header.unread.clone(),
            promised,
            worker: Some(Worker::start(book, header, limits)?),
        })
    }
}

impl RecordReader for WorkbookReader {
    fn header(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn sheet(&self) -> Option<&str> {
        Some(&self.sheet)
    }

    fn unread_sheets(&self) -> &[String] {
        &self.unread
    }

    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError> {
        let Some(worker) = &self.worker else {
            return Ok(None);
        };
        let message = worker.receive();
        if let Message::Block(block) = message {
            return Ok(Some(Box::new(block)));
        }
        self.worker = None;
        match message {
            Message::Failed(fault) => Err(fault.named(self.promised)),
            _ => Ok(None),
        }
    }
}

/// What the reading thread sends. The end is told, so that a thread that died is not taken for a short sheet.
enum Message {
    Block(WorkbookBlock),
    Failed(Fault),
    End,
}

/// The thread that owns the workbook; ends when dropped.
struct Worker {
    /// `None` only while it is being dropped.
    messages: Option<Receiver<Message>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(book: Book, header: Header, limits: Limits) -> Result<Worker, RawError> {
        let (sender, messages) = sync_channel(WAITING_BLOCKS);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("workbook".to_owned())
            .spawn(move || send_sheet(book, &header, limits, &sender, &stopped))
            .map_err(|source| RawError::Read { byte: 0, source })?;
        Ok(Worker {
            messages: Some(messages),
            stop,
            thread: Some(thread),
        })
    }

    fn receive(&self) -> Message {
        let message = self.messages.as_ref().map(Receiver::recv);
        match message {
            Some(Ok(message)) => message,
            _ => Message::Failed(Fault::PANICKED),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A sender that waits for room wakes up when nobody can receive any more.
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has already been told as a failed sheet.
            let _ = thread.join();
        }
    }
}

/// Reads the sheet's records and sends them in blocks, then how it ended.
fn send_sheet(
    mut book: Book,
    header: &Header,
    limits: Limits,
    sender: &SyncSender<Message>,
    stop: &AtomicBool,
) {
    let mut builder = BlockBuilder::new(header, limits);
    let result = rows::visit(&mut book, &header.sheet, limits.record, &mut |row| {
        if stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if row.number <= header.last_row {
            return ControlFlow::Continue(());
        }
        builder.push(row);
        if let Some(block) = builder.take_full()
            && sender.send(Message::Block(block)).is_err()
        {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let last = match result {
        Err(fault) => Message::Failed(fault),
        Ok(()) => {
            if let Some(block) = builder.take_rest()
                && sender.send(Message::Block(block)).is_err()
            {
                return;
            }
            Message::End
        }
    };
    // Nobody left to tell is no fault: the reader was dropped.
    let _ = sender.send(last);
}
