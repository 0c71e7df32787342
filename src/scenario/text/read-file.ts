import { createReadStream } from 'node:fs';
import { causeOf } from '../../files/system-error.ts';
import type { Fault } from './fault.ts';

/** Larger than any scenario: device lists belong in a CSV file. */
const MAX_SCENARIO_BYTES = 1024 * 1024;

/** The text of a scenario file, or why there is none. */
export type ReadText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: Fault };

/** Reads a file of limited size as UTF-8. Whatever prevents that becomes a fault. */
export async function readScenarioText(path: string): Promise<ReadText> {
  const refuse = (message: string, hint?: string): ReadText => ({
    ok: false,
    fault: { file: path, line: 0, column: 0, path: '', message, hint },
  });
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_SCENARIO_BYTES) {
        return refuse('larger than 1 MiB', 'list devices in a CSV file: devices: { csv: devices.csv }');
      }
    }
    const text = decode(Buffer.concat(chunks));
    return text === undefined ? refuse('not UTF-8 text') : { ok: true, text };
  } catch (error) {
    return refuse(causeOf(error));
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
