import { LiveView } from '../../report/live/live-view.ts';
import { holdRemark, PURPOSE_WORDS, RESULT_WORDS, shortLoad } from '../../report/study/study-words.ts';
import { drawn, span, type TextStyle } from '../../report/text/spans.ts';
import type { StudyHold } from '../../results/study/study-hold.ts';
import type { StudyListener, StudySoFar } from '../../study/capacity-study.ts';
import type { HoldProgress } from '../../study/hold/holds.ts';
import type { HoldStep } from '../../study/search/capacity-search.ts';
import { formatSeconds, formatUs, US_PER_SEC } from '../../time/units.ts';
import type { Io } from '../io/io.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What is known of a study before it begins. */
export interface ShownStudy {
  readonly title: string;
  readonly goals: readonly string[];
  readonly search: 'rate' | 'sessions';
  readonly budgetSec: number;
}

const FRAME_MS = 250;

/** What a hold under way is for. */
const AIMS: Readonly<Record<HoldStep['purpose'], string>> = {
  bracket: 'to find a load that holds and one that is too much',
  bisect: 'to bring the bounds together',
  ensure: 'to be surer of a bound',
  confirm: 'to confirm the lower bound in an unbroken hold',
  compare: 'to see whether a lower load fails now and then as well',
  recheck: 'to see whether the service has recovered',
};

/** A study on the terminal: which hold, what is known so far, and the most time that is left. All of it goes to stderr. */
export class CapacityView implements StudyListener {
  readonly #io: Io;
  readonly #study: ShownStudy;
  readonly #isQuiet: boolean;
  readonly #view: LiveView;
  readonly #offExit: () => void;
  readonly #beganMs = performance.now();
  readonly #onHeld: StudyListener['held'];
  #timer: NodeJS.Timeout | undefined;
  #now = 'looking at the service';
  #detail = '';
  #windowSec = 1;
  #known = 'nothing yet';
  #isStopping = false;

  constructor(io: Io, study: ShownStudy, isQuiet: boolean, onHeld: StudyListener['held']) {
    this.#io = io;
    this.#study = study;
    this.#isQuiet = isQuiet;
    this.#onHeld = onHeld;
    const { stderr } = io;
    this.#view = new LiveView({
      write: (text) => (stderr.draw ?? stderr.write)(text),
      isTTY: stderr.isTTY,
      get columns() {
        return stderr.columns;
      },
    });
    this.#offExit = io.onExit(() => this.#view.stop());
    if (isQuiet) return;
    if (stderr.isTTY) this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    else this.#view.print(`${study.title}; goals ${study.goals.join(', ')}; at most ${formatSeconds(study.budgetSec)}`);
  }

  resting(before: HoldStep | undefined): void {
    this.#now = before === undefined ? 'looking at the service' : 'letting the service come to rest';
    this.#detail = '';
  }

  holding(step: HoldStep, number: number, windowSec: number): void {
    this.#now = `hold ${number}: ${this.#load(step.load)}, ${AIMS[step.purpose]}`;
    this.#detail = 'starting';
    this.#windowSec = windowSec;
  }

  progress(step: HoldStep, { second, windows, online, medianUs }: HoldProgress): void {
    const [good, bad, invalid] = (['good', 'bad', 'invalid'] as const).map(
      (wanted) => windows.filter(({ result }) => result === wanted).length,
    );
    const wanted = Math.ceil(step.sumSec / this.#windowSec);
    const parts = [
      `second ${second}`,
      `windows of ${formatUs(this.#windowSec * US_PER_SEC)}: ${good} good, ${bad} bad${invalid === 0 ? '' : `, ${invalid} invalid`}; at most ${wanted} wanted`,
      ...(medianUs === undefined ? [] : [`p50 ${formatUs(medianUs)}`]),
      `${online.toLocaleString('en-US')} online`,
    ];
    this.#detail = parts.join(this.#style.unicode ? ' · ' : ', ');
  }

  async held(hold: StudyHold, soFar: StudySoFar): Promise<void> {
    const { lower, upper } = soFar.answer;
    const known = [
      ...(lower === undefined ? [] : [`${this.#load(lower.load)} holds`]),
      ...(upper === undefined
        ? []
        : [`${this.#load(upper.load)} ${upper.isGenerator ? 'cannot be made' : 'does not hold'}`]),
    ];
    if (known.length > 0) this.#known = known.join(', ');
    if (!this.#isQuiet && !this.#io.stderr.isTTY) this.#view.print(this.#logLine(hold));
    await this.#onHeld(hold, soFar);
  }

  /** The study was asked to end. */
  stopping(isAtOnce: boolean): void {
    this.#isStopping = true;
    if (this.#isQuiet) return;
    if (isAtOnce) this.#view.print('Ending at once');
    else if (!this.#io.stderr.isTTY) this.#view.print('Ending the hold; Ctrl-C again ends at once');
  }

  /** Restores the terminal. */
  close(): void {
    clearInterval(this.#timer);
    this.#offExit();
    this.#view.stop();
  }

  get #style(): TextStyle {
    return styleOf(this.#io, this.#io.stderr);
  }

  #load(load: number): string {
    return shortLoad(load, this.#study.search);
  }

  #logLine(hold: StudyHold): string {
    const { number, load, purpose, result, windows, response } = hold;
    const valid = windows.good + windows.bad;
    const p99 = response.count === 0 ? '' : `, p99 ${formatUs(response.p99Us)}`;
    const remark = holdRemark(hold);
    return `hold ${number}, ${PURPOSE_WORDS[purpose]}: ${this.#load(load)} ${RESULT_WORDS[result]}, ${windows.good} of ${valid} windows good${p99}${remark === '' ? '' : `, ${remark}`}; ${this.#left()}`;
  }

  #left(): string {
    const sec = (performance.now() - this.#beganMs) / 1_000;
    return `${formatSeconds(sec)} gone, at most ${formatSeconds(Math.max(0, this.#study.budgetSec - sec))} left`;
  }

  #draw(): void {
    const style = this.#style;
    const { title, goals } = this.#study;
    const lines = [
      [span(title, 'heading')],
      [span('goals  ', 'dim'), span(goals.join(style.unicode ? ' · ' : ', '))],
      [span('now    ', 'dim'), span(this.#now, 'strong')],
      [span('       '), span(this.#detail)],
      [span('known  ', 'dim'), span(this.#known)],
      [span('time   ', 'dim'), span(this.#left())],
      [
        span(
          this.#isStopping ? 'Ending the hold; Ctrl-C again ends at once' : 'Ctrl-C ends the search with what is known',
          'dim',
        ),
      ],
    ];
    this.#view.draw(lines.map((line) => drawn(line, style)));
  }
}
