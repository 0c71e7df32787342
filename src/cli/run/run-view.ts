import type { LiveHost } from '../../report/live/live-host.ts';
import { type LiveCourse, type LiveRun, LiveState } from '../../report/live/live-state.ts';
import { renderLive } from '../../report/live/live-text.ts';
import { type LiveOutput, LiveView } from '../../report/live/live-view.ts';
import { LogLines } from '../../report/live/log-lines.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { StopMode } from '../../run/run-stop.ts';
import { formatSeconds } from '../../time/units.ts';
import type { Io, Output } from '../io/io.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What to show of a run while it is under way. */
export interface RunViewOptions {
  /** Show errors only. */
  readonly isQuiet: boolean;
  /** Open the report in the browser when it is written. */
  readonly opensReport?: boolean;
}

/** What changes while a run goes on, besides its timeline. */
export interface ShownRun {
  /** The events and losses so far. */
  readonly course: () => LiveCourse;
  /** Hosts on other machines. */
  readonly hosts: readonly LiveHost[];
}

/** Time between two live frames, so that the progress bar moves between intervals. */
const FRAME_MS = 250;
/** The losses and events so far may use at most this share of a core. */
const COURSE_COST_SHARE = 0.02;
/** Height of a terminal that does not tell it. */
const USUAL_ROWS = 24;
/** Lines above the frame that stay in sight, such as the address of the dashboard: at most this share of the terminal. */
const PRINTED_SHARE = 1 / 4;

/** A run on the terminal: frames in place on a TTY, a log of bounded length otherwise. None of it is data, so all of it goes to stderr. */
export class RunView {
  /** The run is over and its summary printed. */
  isOver = false;
  readonly #io: Io;
  readonly #output: Output;
  readonly #isQuiet: boolean;
  readonly opensReport: boolean;
  readonly #view: LiveView;
  readonly #offExit: () => void;
  #state: LiveState | undefined;
  #log: LogLines | undefined;
  #course: (() => LiveCourse) | undefined;
  #nextCourseMs = 0;
  #startedMs = 0;
  /** Lines printed above the frame. */
  #printed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(io: Io, options: RunViewOptions) {
    this.#io = io;
    this.#output = io.stderr;
    this.#isQuiet = options.isQuiet;
    this.opensReport = options.opensReport === true;
    this.#view = new LiveView(drawnOn(io.stderr));
    // An uncaught error also ends the process and must not leave the terminal without a cursor.
    this.#offExit = io.onExit(() => this.#view.stop());
  }

  /** Everything is ready, and the run waits for its appointed start. */
  waiting(startAt: Date): void {
    if (this.#isQuiet) return;
    const when = `${startAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    if (!this.#output.isTTY) {
      this.announce(`Ready; starting at ${when}`);
      return;
    }
    const draw = (): void => {
      const left = formatSeconds(Math.max(0, startAt.getTime() - Date.now()) / 1_000);
      this.#view.draw([`Ready; starting at ${when}, in ${left}. Ctrl-C leaves`.slice(0, this.#output.columns)]);
    };
    draw();
    this.#timer = setInterval(draw, FRAME_MS);
  }

  /** `workers`: how many and where, in words. */
  started(run: LiveRun, workers: string, { course, hosts }: ShownRun): void {
    this.#state = new LiveState(run);
    this.#state.hosts = hosts;
    this.#course = course;
    this.#startedMs = performance.now();
    clearInterval(this.#timer);
    if (this.#isQuiet) return;
    if (this.#output.isTTY) {
      this.#readCourse();
      this.#draw();
      this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    } else {
      this.#log = new LogLines(run.plannedDurationSec);
      this.#printLog(this.#log.intro(run, workers));
    }
  }

  interval(line: TimelineLine): void {
    this.#state?.add(line);
    if (this.#isQuiet) return;
    this.#readCourse();
    if (this.#log !== undefined && this.#state !== undefined) this.#printLog(this.#log.add(line, this.#state.course));
  }

  /** Prints something that stays in sight while the run goes on. */
  announce(words: string): void {
    this.#printed++;
    // A frame that fills the terminal makes room first, or the words would leave it at the top.
    if (this.#timer !== undefined) this.#draw();
    this.#view.print(words);
  }

  /** The run was asked to end early. */
  stopping(mode: StopMode): void {
    if (this.#state !== undefined) this.#state.isStopping = true;
    if (this.#isQuiet) return;
    if (mode === 'at-once') this.announce('Ending at once; what was measured is written');
    else if (!this.#output.isTTY) this.announce('Ending sessions; Ctrl-C again ends at once');
  }

  /** A threshold ends the run early. */
  aborted(words: string): void {
    if (this.#state !== undefined) this.#state.isStopping = true;
    if (!this.#isQuiet) this.announce(words);
  }

  /** Restores the terminal. */
  close(): void {
    clearInterval(this.#timer);
    this.#offExit();
    // A blank line, for readers who see the results below.
    if (this.#log !== undefined) this.#printLog([...this.#log.rest(), '']);
    this.#log = undefined;
    this.#view.stop();
  }

  #printLog(lines: readonly string[]): void {
    for (const line of lines) this.#view.print(line);
  }

  /** Once an interval, and less often where there are so many losses that it takes long. */
  #readCourse(): void {
    const startMs = performance.now();
    if (this.#state === undefined || this.#course === undefined || startMs < this.#nextCourseMs) return;
    this.#state.course = this.#course();
    const endMs = performance.now();
    this.#nextCourseMs = endMs + (endMs - startMs) / COURSE_COST_SHARE;
  }

  #draw(): void {
    if (this.#state === undefined) return;
    const elapsedSec = (performance.now() - this.#startedMs) / 1_000;
    const all = this.#output.rows ?? USUAL_ROWS;
    // The cursor stands on a line of its own below the frame.
    const rows = all - 1 - Math.min(this.#printed, Math.floor(all * PRINTED_SHARE));
    this.#view.draw(renderLive(this.#state, elapsedSec, { ...styleOf(this.#io, this.#output), rows }));
  }
}

/** Output that may contain cursor codes. Frames are made of spans, which contain none themselves. */
function drawnOn(output: Output): LiveOutput {
  return {
    write: (text) => (output.draw ?? output.write)(text),
    isTTY: output.isTTY,
    get columns() {
      return output.columns;
    },
  };
}
