import type { TextStyle } from '../../report/text/text.ts';
import type { Io, Output } from './io.ts';

/**
 * How text is drawn on an output: colour only for a terminal that wants it (https://no-color.org), special characters where the locale is
 * UTF-8.
 */
export function styleOf(io: Pick<Io, 'env'>, output: Output): TextStyle {
  const isForced = io.env['FORCE_COLOR'] !== undefined && io.env['FORCE_COLOR'] !== '0';
  const isRefused = (io.env['NO_COLOR'] ?? '') !== '' || io.env['TERM'] === 'dumb';
  return { columns: output.columns, color: !isRefused && (output.isTTY || isForced), unicode: speaksUnicode(io.env) };
}

function speaksUnicode(env: Io['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  // Without a locale (containers, CI) the reader is nearly always a UTF-8 log viewer.
  return locale === undefined || /utf-?8/i.test(locale) || !/^(C|POSIX)$/.test(locale);
}
