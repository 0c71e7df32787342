import { join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import type { StudyHold } from '../../results/study/study-hold.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { type Row, writeRows } from '../csv.ts';
import { failureWords } from './study-words.ts';

/** Tables of a study, for messages. */
export const STUDY_TABLES = 'holds.csv and windows.csv';

/** Writes `holds.csv` and `windows.csv` of a study into a folder, which is made if it is missing. Rejects if one cannot be written. */
export async function writeStudyCsv(folder: string, { holds }: Pick<StudySummary, 'holds'>): Promise<void> {
  await makeFolder(folder);
  await writeRows(join(folder, 'holds.csv'), () => holdRows(holds));
  await writeRows(join(folder, 'windows.csv'), () => windowRows(holds));
}

const STATISTICS = ['p50Us', 'p90Us', 'p99Us', 'p999Us', 'maxUs'] as const;
const PARTS = ['waitUs', 'authUs', 'dnsUs', 'tcpUs', 'tlsUs', 'mqttUs'] as const;

/** One row per hold, in order. */
export function* holdRows(holds: readonly StudyHold[]): Generator<Row> {
  yield [
    ...['hold', 'load', 'purpose', 'result', 'startedSec', 'lastedSec', 'restSec', 'windowSec'],
    ...['goodWindows', 'badWindows', 'invalidWindows', 'planned', 'accepted', 'lost', 'acceptedPerSec'],
    ...STATISTICS.map((statistic) => `response.${statistic}`),
    ...PARTS.map((part) => `mean.${part}`),
    ...['onlineMax', 'isGrowing', 'failures'],
  ];
  for (const hold of holds) {
    const { windows, response, phases } = hold;
    const isMeasured = response.count > 0;
    yield [
      ...[hold.number, hold.load, hold.purpose, hold.result, hold.startedSec, hold.lastedSec, hold.restSec],
      ...[hold.windowSec, windows.good, windows.bad, windows.invalid],
      ...[hold.planned, hold.accepted, hold.lost, hold.acceptedPerSec],
      ...STATISTICS.map((statistic) => (isMeasured ? response[statistic] : undefined)),
      ...PARTS.map((part) => (isMeasured ? phases[part] : undefined)),
      ...[hold.onlineMax, String(hold.isGrowing), hold.failures.map(failureWords).join('; ')],
    ];
  }
}

/** One row per window, hold by hold. */
export function* windowRows(holds: readonly StudyHold[]): Generator<Row> {
  yield ['hold', 'load', 'fromSec', 'durationSec', 'result', 'planned', 'lost', 'p50Us', 'why'];
  for (const { number, load, windowResults } of holds) {
    for (const { fromSec, durationSec, result, planned, lost, p50Us, why } of windowResults) {
      yield [number, load, fromSec, durationSec, result, planned, lost, p50Us, why];
    }
  }
}
