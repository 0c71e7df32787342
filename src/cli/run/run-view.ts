import { type LiveRun, LiveState } from '../../report/live/live-state.ts';
import { renderLive } from '../../report/live/live-text.ts';
import { type LiveOutput, LiveView } from '../../report/live/live-view.ts';
import { LogLines } from '../../report/live/log-lines.ts';
import { formatCount } from '../../report/words/figures.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { StopMode } from '../../run/run-stop.ts';
import { counted } from '../../text/counts.ts';
import type { Io, Output } from '../io/io.ts';
import { styleOf } from '../io/terminal-style.ts';

/** What to show of a run while it is under way. */
export interface RunViewOptions {
  /** Show errors only. */
  readonly isQuiet: boolean;
}

/** Time between two live frames, so that the progress bar moves between intervals. */
const FRAME_MS = 250;

/** A run on the terminal: frames in place on a TTY, a log of bounded length otherwise. None of it is data, so all of it goes to stderr. */
export class RunView {
  /** The run is over and its summary printed. */
  isOver = false;
  readonly #io: Io;
  readonly #output: Output;
  readonly #isQuiet: boolean;
  readonly #view: LiveView;
  readonly #offExit: () => void;
  #state: LiveState | undefined;
  #log: LogLines | undefined;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(io: Io, options: RunViewOptions) {
    this.#io = io;
    this.#output = io.stderr;
    this.#isQuiet = options.isQuiet;
    this.#view = new LiveView(drawnOn(io.stderr));
    // An uncaught error also ends the process and must not leave the terminal without a cursor.
    this.#offExit = io.onExit(() => this.#view.stop());
  }

  started(run: LiveRun, workers: number): void {
    this.#state = new LiveState(run);
    this.#log = new LogLines(run.plannedDurationSec);
    this.#startedMs = performance.now();
    if (this.#isQuiet) return;
    const threads = counted(workers, 'worker thread');
    this.#view.print(
      `Running ${run.scenario} against ${run.target}: ${formatCount(run.sessions)} sessions, ${threads}`,
    );
    if (!this.#output.isTTY) return;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  interval(line: TimelineLine): void {
    this.#state?.add(line);
    if (this.#hasLog) this.#printLog(this.#log?.add(line));
  }

  /** The run was asked to end early. */
  stopping(mode: StopMode): void {
    if (this.#state !== undefined) this.#state.isStopping = true;
    if (this.#isQuiet) return;
    if (mode === 'at-once') this.#view.print('Ending at once; what was measured is written');
    else if (!this.#output.isTTY) this.#view.print('Ending sessions; Ctrl-C again ends at once');
  }

  /** A threshold ends the run early. */
  aborted(words: string): void {
    if (this.#state !== undefined) this.#state.isStopping = true;
    if (!this.#isQuiet) this.#view.print(words);
  }

  /** Restores the terminal. */
  close(): void {
    clearInterval(this.#timer);
    this.#offExit();
    if (this.#hasLog) this.#printLog(this.#log?.rest());
    this.#view.stop();
  }

  get #hasLog(): boolean {
    return !this.#isQuiet && !this.#output.isTTY;
  }

  #printLog(text: string | undefined): void {
    if (text !== undefined) this.#view.print(text);
  }

  #draw(): void {
    if (this.#state === undefined) return;
    const elapsedSec = (performance.now() - this.#startedMs) / 1_000;
    this.#view.draw(renderLive(this.#state, elapsedSec, styleOf(this.#io, this.#output)));
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
