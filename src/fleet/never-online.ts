import type { Session } from '../device/session/session.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';

/** The longest text of a cause; causes come from libraries and systems, too. */
const MAX_DETAIL = 200;

/** What is told of a session. */
export type TriedSession = Pick<Session, 'index' | 'attempts' | 'startedUs' | 'wasOnline' | 'lastFailure'>;

/**
 * Devices of a fleet that were tried and of which no session was ever online, in their order, at most `most`. `sessions`: in the order of
 * their devices, those of one device next to each other.
 */
export function neverOnlineDevices(
  fleet: string,
  sessions: readonly TriedSession[],
  nameAt: (index: number) => string,
  most: number,
): NeverOnlineDevice[] {
  const found: NeverOnlineDevice[] = [];
  for (let from = 0; from < sessions.length && found.length < most; ) {
    const copies = copiesAt(sessions, from);
    from += copies.length;
    const attempts = copies.reduce((sum, copy) => sum + copy.attempts, 0);
    const [{ index }] = copies;
    if (attempts === 0 || copies.some(({ wasOnline }) => wasOnline)) continue;
    found.push({ fleet, index, device: nameAt(index), attempts, ...lastEndOf(copies) });
  }
  return found;
}

/** The session at a place and those of the same device that follow it. */
function copiesAt(sessions: readonly TriedSession[], from: number): readonly [TriedSession, ...TriedSession[]] {
  const first = sessions[from];
  if (first === undefined) throw new RangeError(`no session at ${from} of ${sessions.length}`);
  let until = from + 1;
  while (sessions[until]?.index === first.index) until++;
  return [first, ...sessions.slice(from + 1, until)];
}

/** How the attempt ended that was started last of those that have ended. */
function lastEndOf(copies: readonly TriedSession[]): Pick<NeverOnlineDevice, 'outcome' | 'detail'> {
  const ended = copies.filter(({ lastFailure }) => lastFailure !== undefined);
  const [latest] = ended.sort((a, b) => b.startedUs - a.startedUs);
  if (latest?.lastFailure === undefined) return {};
  const { what: outcome, detail = '' } = latest.lastFailure;
  return { outcome, ...(detail === '' ? {} : { detail: shortened(detail) }) };
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_DETAIL ? text : `${characters.slice(0, MAX_DETAIL - 1).join('')}…`;
}
