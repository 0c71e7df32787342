import type { StudyAnswer } from '../../results/study/study-answer.ts';
import type { StudyHold } from '../../results/study/study-hold.ts';
import { formatSeconds } from '../../time/units.ts';
import { MAJORITY } from '../search/noise.ts';

type Answer = Omit<StudyAnswer, 'sentence'>;
type Kind = 'rate' | 'sessions';

/** The answer in words: what holds and how sure that is, what does not, and why the search ended if it did not find both. */
export function answerSentence(answer: Answer, kind: Kind, holds: readonly StudyHold[]): string {
  const parts = [
    lowerWords(answer, kind, holds),
    upperWords(answer, kind, holds),
    noiseWords(answer, kind),
    fallWords(answer, kind),
    endingWords(answer),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `1,180 logins/s`. */
export function loadWords(load: number, kind: Kind): string {
  const number = load.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return kind === 'rate' ? `${number} logins/s` : `${number} sessions`;
}

function lowerWords({ lower, upper, ending }: Answer, kind: Kind, holds: readonly StudyHold[]): string {
  if (lower === undefined) {
    if (upper?.isGenerator === true) return 'Nothing is known of the service.';
    return upper === undefined ? 'Nothing was found.' : `Not even ${loadWords(upper.load, kind)} hold.`;
  }
  const { goodWindows, windows, windowSec, mostBadShare, isConfirmed } = lower;
  const atLeast = ending === 'generator-limited' || ending === 'above-range' ? 'At least ' : '';
  const doubt = isConfirmed ? '' : ', not confirmed in an unbroken hold';
  const online = Math.max(0, ...holds.filter(({ load }) => load === lower.load).map(({ onlineMax }) => onlineMax));
  const withOnline = kind === 'rate' && online > 0 ? `, ${online.toLocaleString('en-US')} sessions online` : '';
  return `${atLeast}${loadWords(lower.load, kind)}: the goals held in ${goodWindows} of ${windows} windows of ${seconds(windowSec)}${withOnline}${doubt} (95%: at most ${percent(mostBadShare)} of windows would miss them).`;
}

function upperWords({ lower, upper, firstFailure }: Answer, kind: Kind, holds: readonly StudyHold[]): string {
  if (upper?.isGenerator === true) return generatorWords(upper.load, kind, holds);
  if (upper === undefined || lower === undefined) return failureWords(firstFailure);
  const load = loadWords(upper.load, kind);
  const missed = `${upper.badWindows} of ${upper.windows} missed`;
  const why =
    upper.isGrowing && upper.badWindows === 0 ? 'a queue grew that would have missed them sooner or later' : missed;
  return `${load} did not hold (${why}). ${failureWords(firstFailure)}`.trim();
}

/** That this tool was the limit, and what it lacked as far as that is known. */
function generatorWords(load: number, kind: Kind, holds: readonly StudyHold[]): string {
  const limited = holds.filter((hold) => hold.load === load).flatMap(({ failures }) => failures);
  const lacked = limited.some(({ outcome }) => outcome === 'local-limit');
  const why = lacked ? 'local ports or descriptors ran out' : 'it could not make them in time';
  return `The generator was the limit at ${loadWords(load, kind)}: ${why}.`;
}

function failureWords(failure: Answer['firstFailure']): string {
  if (failure === undefined) return '';
  const { outcome, phase } = failure;
  return outcome === 'slow' ? `First: too slow, in ${phase}.` : `First: ${outcome}, in ${phase}.`;
}

/** Bad windows that come at random, and what was made of them. */
function noiseWords({ noise }: Answer, kind: Kind): string {
  if (noise === undefined) return '';
  const { load, badWindows, windows, exceed } = noise;
  const seen = `Windows miss the goals at random even at ${loadWords(load, kind)} and less (${badWindows} of ${windows})`;
  return exceed < MAJORITY
    ? `${seen}: with \`--exceed 50%\`, loads are judged by most of their windows.`
    : `${seen}, so loads were judged by most of their windows.`;
}

function fallWords({ fall }: Answer, kind: Kind): string {
  if (fall === undefined) return '';
  const rest = formatSeconds(fall.restedSec);
  return `Metastable: after the overload at ${loadWords(fall.overload, kind)} and ${rest} of rest, the service did not take ${fall.load.toLocaleString('en-US')}${kind === 'rate' ? ' logins/s' : ' sessions'} any more, which it had taken before.`;
}

function endingWords({ ending }: Answer): string {
  switch (ending) {
    case 'budget':
      return 'The time was up before the search came to its end.';
    case 'interrupted':
      return 'Stopped before its end: this is what was known by then.';
    case 'above-range':
      return 'No load of the range was too much.';
    case 'failed':
      return 'The search could not go on.';
    default:
      return '';
  }
}

function seconds(sec: number): string {
  return `${Number(sec.toPrecision(3))} s`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}
