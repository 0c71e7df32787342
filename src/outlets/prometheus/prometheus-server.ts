import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FiguresSoFar } from '../../run/interval-collector.ts';
import { isOwnHost, LOOPBACK, listenOnLoopback, portOf } from '../loopback-server.ts';
import { RunMetrics } from './run-metrics.ts';

/** How long the program waits at its end for one more scrape: longer than the usual interval of Prometheus. */
const LAST_SCRAPE_MS = 20_000;
/** How late the next scrape may be, compared with the time between the last two. */
const SCRAPE_GRACE_MS = 1_000;

/** `/metrics` of a run, on loopback, while the run lasts. */
export class PrometheusServer {
  readonly #server: Server;
  readonly #metrics: RunMetrics;
  #figures: (() => FiguresSoFar) | undefined;
  #isFinished = false;
  #lastScrapeMs: number | undefined;
  #gapMs: number | undefined;
  #onLastScrape: (() => void) | undefined;

  private constructor(server: Server, scenario: string) {
    this.#server = server;
    this.#metrics = new RunMetrics(scenario);
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Listens on the port; 0 lets the system choose. Rejects with a `PortError` if it is not available. */
  static async start(port: number, scenario: string): Promise<PrometheusServer> {
    return new PrometheusServer(await listenOnLoopback(port, '--prometheus'), scenario);
  }

  get url(): string {
    return `http://${LOOPBACK}:${portOf(this.#server)}/metrics`;
  }

  /** The run has begun; takes the source of its figures. */
  follow(figures: () => FiguresSoFar): void {
    this.#figures = figures;
  }

  /**
   * The run is over and its figures are final. If there have been scrapes, waits for the next one, so that the last seconds of the run are
   * collected too. Settles at once if there were none, and after a timeout in any case.
   */
  async finished(tell: (words: string) => void): Promise<void> {
    this.#isFinished = true;
    if (this.#lastScrapeMs === undefined || this.#gapMs === undefined) return;
    const dueMs = this.#lastScrapeMs + this.#gapMs + SCRAPE_GRACE_MS - performance.now();
    if (dueMs <= 0) return;
    tell('Waiting for one more scrape of the final figures; Ctrl-C leaves at once');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(dueMs, LAST_SCRAPE_MS));
      this.#onLastScrape = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const path = (request.url ?? '').split('?', 1)[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isOwnHost(request, portOf(this.#server))) {
      response.writeHead(421).end();
      return;
    }
    if (path !== '/metrics' || !isRead) {
      response.writeHead(path === '/metrics' ? 405 : 404).end();
      return;
    }
    const isLast = this.#isFinished;
    const text = await this.#metrics.text(this.#figures?.());
    this.#noteScrape();
    response.on('finish', () => {
      if (isLast) this.#onLastScrape?.();
    });
    response.writeHead(200, { 'content-type': this.#metrics.contentType }).end(text);
  }

  #noteScrape(): void {
    const nowMs = performance.now();
    if (this.#lastScrapeMs !== undefined) this.#gapMs = nowMs - this.#lastScrapeMs;
    this.#lastScrapeMs = nowMs;
  }
}
