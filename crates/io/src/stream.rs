// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A file, or a window of one (a member of a zip), read once from front to back and decompressed on
//! the way. It knows how much of the file it has read; nothing is held but a buffer.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use onetape_core::sim::source::Progress;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Bytes asked of the file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// How the bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Not at all.
    Plain,
    /// gzip, one member or many.
    Gzip,
    /// Zstandard, one frame or many; skippable frames are skipped.
    Zstd,
    /// Deflate without a header, as in a zip.
    Deflate,
}

/// Which bytes of a file to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First byte.
    pub offset: u64,
    /// How many; `None`: to the end of the file.
    pub length: Option<u64>,
}

impl Window {
    /// The whole file.
    pub const ALL: Self = Self { offset: 0, length: None };
}

/// Bytes of a file after decompression.
pub struct ByteStream {
    reader: Box<dyn Read + Send>,
    done: Arc<AtomicU64>,
    total: u64,
}

impl ByteStream {
    /// Opens `window` of the file at `path`.
    ///
    /// # Errors
    /// What the operating system says; nothing is decompressed yet.
    pub fn open(path: &Path, window: Window, codec: Codec) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let file_bytes = file.metadata()?.len();
        file.seek(SeekFrom::Start(window.offset))?;
        let rest = file_bytes.saturating_sub(window.offset);
        let total = window.length.map_or(rest, |length| length.min(rest));
        Ok(Self::new(file.take(total), total, codec))
    }

    /// Reads `total` bytes from `input`.
    pub fn new(input: impl Read + Send + 'static, total: u64, codec: Codec) -> Self {
        let done = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: input, done: Arc::clone(&done) };
        let input = BufReader::with_capacity(BUFFER_BYTES, counted);
        let reader: Box<dyn Read + Send> = match codec {
            Codec::Plain => Box::new(input),
            Codec::Gzip => Box::new(MultiGzDecoder::new(input)),
            Codec::Zstd => Box::new(ZstdFrames::new(input)),
            Codec::Deflate => Box::new(DeflateDecoder::new(input)),
        };
        Self { reader, done, total }
    }

    /// How far the file (not what it decompresses to) was read.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let bytes_done = self.done.load(Ordering::Relaxed);
        Progress { bytes_done, bytes_total: Some(self.total) }
    }
}

impl Read for ByteStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    done: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Zstandard frames one after another; each frame's checksum is compared.
struct ZstdFrames<R> {
    input: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> ZstdFrames<R> {
    fn new(input: R) -> Self {
        Self { input, decoder: FrameDecoder::new(), in_frame: false }
    }

    /// Starts the next frame; `false` when there is none.
    fn start_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let skip = match self.decoder.reset(&mut self.input) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => u64::from(length),
                Err(err) => return Err(io::Error::new(io::ErrorKind::InvalidData, err)),
            };
            if io::copy(&mut (&mut self.input).take(skip), &mut io::sink())? < skip {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.in_frame = false;
        let said = self.decoder.get_checksum_from_data();
        if said.is_some() && said != self.decoder.get_calculated_checksum() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "checksum of a zstd frame"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.in_frame {
                if !self.start_frame()? {
                    return Ok(0);
                }
                self.in_frame = true;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.end_frame()?;
            } else {
                let more = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder
                    .decode_blocks(&mut self.input, more)
                    .map_err(|err| io::Error::new(io::ErrorKind::InvalidData, err))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: Vec<u8>, codec: Codec) -> io::Result<Vec<u8>> {
        let total = bytes.len() as u64;
        let mut stream = ByteStream::new(io::Cursor::new(bytes), total, codec);
        let mut out = Vec::new();
        stream.read_to_end(&mut out)?;
        assert_eq!(stream.progress(), Progress { bytes_done: total, bytes_total: Some(total) });
        Ok(out)
    }

    fn text() -> Vec<u8> {
        (0..200_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        use ruzstd::encoding::{CompressionLevel, compress_to_vec};
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    #[test]
    fn every_codec_gives_the_bytes_back() {
        assert_eq!(read(text(), Codec::Plain).unwrap(), text());
        assert_eq!(read(gzip(&text()), Codec::Gzip).unwrap(), text());
        assert_eq!(read(zstd(&text()), Codec::Zstd).unwrap(), text());
        assert_eq!(read(Vec::new(), Codec::Plain).unwrap(), b"");
    }

    #[test]
    fn members_and_frames_follow_one_another_and_skippable_frames_are_skipped() {
        let twice = [text(), text()].concat();
        let gz = gzip(&text());
        assert_eq!(read([gz.clone(), gz].concat(), Codec::Gzip).unwrap(), twice);
        let zst = zstd(&text());
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let frames = [&zst[..], &skippable, &zst].concat();
        assert_eq!(read(frames, Codec::Zstd).unwrap(), twice);
    }

    #[test]
    fn what_is_cut_short_or_flipped_is_an_error() {
        let gz = gzip(&text());
        assert!(read(gz[..gz.len() / 2].to_vec(), Codec::Gzip).is_err());
        let zst = zstd(&text());
        assert!(read(zst[..zst.len() / 2].to_vec(), Codec::Zstd).is_err());
        assert!(read(vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1], Codec::Zstd).is_err());
        for codec in [Codec::Gzip, Codec::Zstd] {
            assert!(read(b"neither of the two".to_vec(), codec).is_err());
        }
    }
}
