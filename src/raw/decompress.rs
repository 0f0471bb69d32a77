//! Unpacking in front of a reader, with a limit on how far an object may swell.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;

use super::{Compression, Limits, RawError};

/// The largest window of a Zstandard frame that is accepted, as a power of two: 128 MiB, what the standard tool takes.
const MOST_WINDOW_LOG: u32 = 27;

/// The unpacked bytes of `source`, an object of `size` bytes.
///
/// # Errors
/// [`RawError::Damaged`] when the decoder cannot start. Later faults come as errors of the reader, which
/// [`fault_of`] tells from those of the source.
pub(super) fn unpack(
    source: Box<dyn Read + Send>,
    size: u64,
    compression: Compression,
    limits: Limits,
) -> Result<Box<dyn Read + Send>, RawError> {
    let format = match compression {
        Compression::None => return Ok(source),
        Compression::Gzip => "gzip",
        Compression::Zstandard => "zstandard",
    };
    let limit = limits.unpacked.max(size.saturating_mul(limits.expansion));
    let source = Marked { inner: source };
    let unpacked: Box<dyn Read + Send> = match compression {
        Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(
            1 << 16,
            source,
        ))),
        _ => {
            let mut decoder = zstd::Decoder::new(source).map_err(|error| RawError::Damaged {
                format,
                detail: error.to_string(),
            })?;
            decoder
                .window_log_max(MOST_WINDOW_LOG)
                .map_err(|error| RawError::Damaged {
                    format,
                    detail: error.to_string(),
                })?;
            Box::new(decoder)
        }
    };
    Ok(Box::new(Unpacked {
        inner: unpacked,
        format,
        limit,
        given: 0,
    }))
}

/// Errors of the source, told from those of the decoder that reads it.
struct Marked<R> {
    inner: R,
}

#[derive(Debug, thiserror::Error)]
#[error("reading the packed bytes failed")]
struct SourceFailed(#[source] io::Error);

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.inner
            .read(target)
            .map_err(|error| io::Error::new(error.kind(), SourceFailed(error)))
    }
}

struct Unpacked {
    inner: Box<dyn Read + Send>,
    format: &'static str,
    limit: u64,
    given: u64,
}

impl Read for Unpacked {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(target).map_err(|error| {
            let from_source = error
                .get_ref()
                .is_some_and(|inner| inner.is::<SourceFailed>());
            if from_source || error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            io::Error::other(RawError::Damaged {
                format: self.format,
                detail: error.to_string(),
            })
        })?;
        self.given += count as u64;
        if self.given > self.limit {
            return Err(io::Error::other(RawError::Bomb { limit: self.limit }));
        }
        Ok(count)
    }
}

/// What an error of a reader says about the object itself: a fault of the packing; else a failure of the source.
pub(super) fn fault_of(byte: u64, error: io::Error) -> RawError {
    match error.downcast::<RawError>() {
        Ok(fault) => fault,
        Err(source) => RawError::Read { byte, source },
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression as Level;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Level::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstandard(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 3).unwrap()
    }

    fn read(
        packed: Vec<u8>,
        compression: Compression,
        limits: Limits,
    ) -> Result<Vec<u8>, RawError> {
        let size = packed.len() as u64;
        let mut source = unpack(Box::new(Cursor::new(packed)), size, compression, limits)?;
        let mut bytes = Vec::new();
        source
            .read_to_end(&mut bytes)
            .map_err(|error| fault_of(0, error))?;
        Ok(bytes)
    }

    #[test]
    fn several_members_are_one_text() {
        let limits = Limits::default();
        let members = [gzip(b"a,b\n"), gzip(b""), gzip(b"1,2\n")].concat();
        assert_eq!(
            read(members, Compression::Gzip, limits).unwrap(),
            b"a,b\n1,2\n"
        );
        let frames = [zstandard(b"a,b\n"), zstandard(b"1,2\n")].concat();
        assert_eq!(
            read(frames, Compression::Zstandard, limits).unwrap(),
            b"a,b\n1,2\n"
        );
    }

    #[test]
    fn damage_and_a_cut_are_told() {
        for (packed, compression) in [
            (gzip(&[b'x'; 5000]), Compression::Gzip),
            (zstandard(&[b'x'; 5000]), Compression::Zstandard),
        ] {
            let cut = packed[..packed.len() - 6].to_vec();
            let fault = read(cut, compression, Limits::default());
            assert!(matches!(fault, Err(RawError::Damaged { .. })), "{fault:?}");
            let fault = read(b"no such thing".to_vec(), compression, Limits::default());
            assert!(matches!(fault, Err(RawError::Damaged { .. })), "{fault:?}");
        }
    }

    #[test]
    fn a_bomb_is_told_from_plain_logs() {
        let limits = Limits {
            unpacked: 1 << 16,
            expansion: 100,
            ..Limits::default()
        };
        let plain = "E1000000,2020-09-03 08:30:00,1800\n".repeat(4000);
        assert!(read(gzip(plain.as_bytes()), Compression::Gzip, limits).is_err());
        let limits = Limits {
            expansion: 400,
            ..limits
        };
        assert!(read(gzip(plain.as_bytes()), Compression::Gzip, limits).is_ok());
        let bomb = vec![0; 50 << 20];
        for (packed, compression) in [
            (gzip(&bomb), Compression::Gzip),
            (zstandard(&bomb), Compression::Zstandard),
        ] {
            let fault = read(packed, compression, limits);
            assert!(matches!(fault, Err(RawError::Bomb { .. })), "{fault:?}");
        }
    }

    #[test]
    fn a_failing_source_is_no_damage() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("network"))
            }
        }
        for compression in [Compression::Gzip, Compression::Zstandard] {
            let result = unpack(Box::new(Broken), 100, compression, Limits::default()).and_then(
                |mut source| {
                    let mut bytes = Vec::new();
                    source
                        .read_to_end(&mut bytes)
                        .map_err(|error| fault_of(0, error))
                },
            );
            assert!(matches!(result, Err(RawError::Read { .. })), "{result:?}");
        }
    }
}
