import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { refuseSpecialFile } from './regular-file.ts';

/** Encodings that spreadsheets write; `gb18030` holds all of GBK and GB 2312. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** A text in any of the encodings, to be read as often as needed. */
export interface TextFile {
  readonly encoding: TextEncoding;
  /** The text in pieces, without a byte order mark. Invalid bytes become U+FFFD. */
  pieces(): AsyncGenerator<string, void, undefined>;
}

/** At most 3 bytes of a UTF-8 character may be left at the end of a piece. */
const MAX_PARTIAL_BYTES = 3;

/**
 * Detects how a file is encoded: by its byte order mark, by the zeros of UTF-16, else UTF-8, or GB 18030 if it is not valid UTF-8
 * throughout. Throws the file system's errors, and a `NotRegularFileError` for pipes and devices.
 */
export async function openTextFile(path: string): Promise<TextFile> {
  await refuseSpecialFile(path);
  const encoding = encodingOfStart(await firstBytes(path)) ?? (await encodingOfAll(path));
  return { encoding, pieces: () => decoded(path, encoding) };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A header is ASCII, so UTF-16 without a mark shows by its zeros. */
function encodingOfStart([first, second, third]: Buffer): TextEncoding | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (second === 0 && first !== 0) return 'utf-16le';
  return first === 0 && second !== 0 && second !== undefined ? 'utf-16be' : undefined;
}

/** UTF-8 unless invalid bytes outnumber its characters beyond ASCII; fewer are just wrong bytes in a UTF-8 text. */
async function encodingOfAll(path: string): Promise<TextEncoding> {
  let rest: Buffer = Buffer.alloc(0);
  let isPlain = true;
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = wholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) return isMostlyUtf8(whole) ? 'utf-8' : 'gb18030';
    isPlain &&= isAscii(whole);
    rest = bytes.subarray(end);
  }
  return rest.length > 0 && isPlain ? 'gb18030' : 'utf-8';
}

/** Where the last character begins if it is incomplete, else the length. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(MAX_PARTIAL_BYTES, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function isMostlyUtf8(bytes: Buffer): boolean {
  const beyondAscii = bytes.toString('utf8').match(/[^\0-\x7f]/gu) ?? [];
  const wrong = beyondAscii.filter((character) => character === '\uFFFD').length;
  return wrong * 2 < beyondAscii.length;
}

async function* decoded(path: string, encoding: TextEncoding): AsyncGenerator<string, void, undefined> {
  // The decoder of GB 18030 keeps a byte order mark.
  const decoder = new TextDecoder(encoding);
  let isFirst = true;
  for await (const chunk of createReadStream(path)) {
    const piece = decoder.decode(chunk, { stream: true });
    yield isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    isFirst = false;
  }
  yield decoder.decode();
}
