import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { hostAndPort, hostInUrl, type ListenAddress, LOOPBACK, listenOn, portOf } from '../listen.ts';
import { isOwnHost } from '../loopback-server.ts';
import type { MetricSource } from './metric-row.ts';
import { RunMetrics } from './run-metrics.ts';

/** How long the program waits at its end for one more scrape: longer than the usual interval of Prometheus. */
const LAST_SCRAPE_MS = 20_000;
/** How late the next scrape may be, compared with the time between the last two. */
const SCRAPE_GRACE_MS = 1_000;

/** `/metrics` of a run, while the run lasts. */
export class PrometheusServer {
  readonly #server: Server;
  readonly #host: string;
  readonly #bound: string;
  readonly #metrics = new RunMetrics();
  #source: (() => MetricSource) | undefined;
  #isFinished = false;
  #lastScrapeMs: number | undefined;
  #gapMs: number | undefined;
  #onLastScrape: (() => void) | undefined;

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.#host = host;
    this.#bound = boundAddress(server);
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Listens on the address. Rejects with a `PortError` if it is not available. */
  static async start(address: ListenAddress): Promise<PrometheusServer> {
    return new PrometheusServer(await listenOn(address, '--prometheus'), address.host);
  }

  get url(): string {
    return `http://${hostAndPort(this.#isEverywhere ? LOOPBACK : this.#host, portOf(this.#server))}/metrics`;
  }

  /** Where the metrics are found, and by whom. */
  get whereabouts(): string {
    if (this.#isEverywhere) return `${this.url}, and at every other address of this machine, for all who reach it`;
    return isLoopback(this.#bound) ? this.url : `${this.url}, for all who reach that address`;
  }

  /** The run has begun; takes the source of its figures. */
  follow(source: () => MetricSource): void {
    this.#source = source;
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
    if (!this.#isAddressed(request)) {
      response.writeHead(421).end();
      return;
    }
    if (path !== '/metrics' || !isRead) {
      response.writeHead(path === '/metrics' ? 405 : 404).end();
      return;
    }
    const isLast = this.#isFinished;
    const text = await this.#metrics.text(this.#source?.());
    this.#noteScrape();
    response.on('finish', () => {
      if (isLast) this.#onLastScrape?.();
    });
    response.writeHead(200, { 'content-type': this.#metrics.contentType }).end(text);
  }

  get #isEverywhere(): boolean {
    return this.#bound === '0.0.0.0' || this.#bound === '::';
  }

  /** What only this machine may read is not for pages whose name merely resolves to it; elsewhere, callers have names we do not know. */
  #isAddressed(request: IncomingMessage): boolean {
    const own = [this.#host, this.#bound].map((host) => hostInUrl(host).toLowerCase());
    return !isLoopback(this.#bound) || isOwnHost(request, portOf(this.#server), own);
  }

  #noteScrape(): void {
    const nowMs = performance.now();
    if (this.#lastScrapeMs !== undefined) this.#gapMs = nowMs - this.#lastScrapeMs;
    this.#lastScrapeMs = nowMs;
  }
}

function boundAddress(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.address : '';
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
