const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Characters of the longest row: three MQTT fields of 65,535 bytes and a chain of certificates; keeps an unclosed quote from swallowing the file. */
export const MAX_ROW_CHARS = 262_144;

/** A row of CSV text. */
export interface CsvRow {
  /** Line that it starts on, counted from 1 as in an editor: a quoted field may span several. */
  readonly line: number;
  readonly fields: string[];
}

/** The text is not CSV. The message does not repeat the text; `line` is that of the row. */
export class CsvSyntaxError extends Error {
  override readonly name = 'CsvSyntaxError';
  readonly line: number;
  readonly hint: string | undefined;

  constructor(line: number, message: string, hint?: string) {
    super(message);
    this.line = line;
    this.hint = hint;
  }
}

/**
 * Reads CSV [RFC 4180] piece by piece, with any delimiter of one character. Lines may end with LF, CR LF or CR, even mixed in one text.
 * Only complete rows are returned; both calls throw a `CsvSyntaxError` once the rows before it have been returned.
 */
export class CsvReader {
  readonly #delimiter: number;
  /** From the start of the first row that is not complete yet. */
  #text = '';
  #at = 0;
  #line = 1;
  #rowLine = 1;
  /** Found after rows that must be returned first. */
  #fault: CsvSyntaxError | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** The rows that this piece completes. */
  push(piece: string): CsvRow[] {
    this.#text += piece;
    return this.#rows(false);
  }

  /** The last row, when the text does not end with a line end. */
  end(): CsvRow[] {
    return this.#rows(true);
  }

  #rows(isLast: boolean): CsvRow[] {
    if (this.#fault !== undefined) throw this.#fault;
    const rows: CsvRow[] = [];
    try {
      this.#take(rows, isLast);
    } catch (error) {
      if (!(error instanceof CsvSyntaxError) || rows.length === 0) throw error;
      this.#fault = error;
    }
    return rows;
  }

  #take(rows: CsvRow[], isLast: boolean): void {
    let start = 0;
    for (let row = this.#row(start, isLast); row !== undefined; row = this.#row(start, isLast)) {
      rows.push(row);
      start = this.#at;
    }
    this.#text = this.#text.slice(start);
    if (this.#text.length > MAX_ROW_CHARS) {
      throw new CsvSyntaxError(
        this.#rowLine,
        `longer than ${MAX_ROW_CHARS.toLocaleString('en-US')} characters`,
        'is a quote not closed?',
      );
    }
  }

  /** The row that starts there; undefined if it may continue in the next piece. */
  #row(start: number, isLast: boolean): CsvRow | undefined {
    if (start >= this.#text.length) return undefined;
    this.#at = start;
    this.#rowLine = this.#line;
    const fields: string[] = [];
    for (;;) {
      const field = this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted(isLast) : this.#plain();
      if (field === undefined || (!isLast && this.#mayGoOn())) {
        this.#line = this.#rowLine;
        return undefined;
      }
      fields.push(field);
      const next = this.#text.charCodeAt(this.#at);
      if (next !== this.#delimiter) {
        this.#endLine(next);
        return { line: this.#rowLine, fields };
      }
      this.#at++;
    }
  }

  /** An unquoted field: up to the next delimiter or line end, or to the end of the text so far. */
  #plain(): string {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === this.#delimiter || code === LF || code === CR) break;
      if (code === QUOTE) throw this.#strayQuote();
    }
    this.#at = at;
    return text.slice(start, at);
  }

  /** A quoted field, in which two quotes mean one; undefined if the closing quote has not come yet. */
  #quoted(isLast: boolean): string | undefined {
    const text = this.#text;
    let content = '';
    let start = this.#at + 1;
    for (;;) {
      const end = text.indexOf('"', start);
      // The last character so far may be the first of two quotes.
      if (!isLast && (end < 0 || end + 1 === text.length)) return undefined;
      if (end < 0) throw this.#strayQuote();
      content += text.slice(start, end);
      this.#at = end + 1;
      if (text.charCodeAt(this.#at) !== QUOTE) break;
      content += '"';
      start = this.#at + 1;
    }
    this.#line += content.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (!this.#isFieldEnd()) throw this.#strayQuote();
    return content;
  }

  /** True when the next piece may belong to the field just read, or hold the LF of a CR LF. */
  #mayGoOn(): boolean {
    const left = this.#text.length - this.#at;
    return left === 0 || (left === 1 && this.#text.charCodeAt(this.#at) === CR);
  }

  #isFieldEnd(): boolean {
    const next = this.#text.charCodeAt(this.#at);
    return Number.isNaN(next) || next === this.#delimiter || next === LF || next === CR;
  }

  #endLine(next: number): void {
    if (next === CR && this.#text.charCodeAt(this.#at + 1) === LF) this.#at += 2;
    else if (!Number.isNaN(next)) this.#at++;
    this.#line++;
  }

  #strayQuote(): CsvSyntaxError {
    return new CsvSyntaxError(this.#rowLine, 'not CSV: a quote is out of place or not closed');
  }
}
