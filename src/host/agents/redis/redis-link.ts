import { type ChainableCommander, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';
import { isAnswer, RedisError, whyRedisFailed } from './redis-error.ts';

/** How long Redis may take to answer, and how long a connection may be silent, before it is made anew. */
const ANSWER_MS = 5_000;
const SILENT_MS = 15_000;
const CONNECT_MS = 5_000;
/** Between two tries to connect again. */
const RETRY_MS = 500;

/**
 * This program's connections to one Redis: one for commands, one that listens to channels. Once open, both are made anew for ever when they
 * are lost; commands meanwhile fail at once, and callers repeat what must not be lost.
 */
export class RedisLink {
  readonly address: RedisAddress;
  readonly #commands: Redis;
  readonly #listening: Redis;
  readonly #listeners = new Map<string, (text: string) => void>();
  readonly #onUp = new Set<() => void>();
  /** When Redis stopped answering; undefined while it answers. */
  #silentSinceMs: number | undefined;
  #upSinceMs = performance.now();

  private constructor(address: RedisAddress) {
    this.address = address;
    const isOpen = (): boolean => this.#isOpen;
    const retryStrategy = (): number | null => (isOpen() ? RETRY_MS : null);
    const common = { retryStrategy, lazyConnect: true };
    const failingFast = {
      commandTimeout: ANSWER_MS,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    };
    this.#commands = clientOf(address, { ...common, ...failingFast });
    this.#listening = clientOf(address, { ...common, maxRetriesPerRequest: null });
    for (const client of [this.#commands, this.#listening]) {
      // What goes wrong shows in what is asked of the connection.
      client.on('error', () => undefined);
      client.on('close', () => this.#failed());
      client.on('ready', () => this.#maybeUp());
    }
    this.#listening.on('message', (channel: string, text: string) => this.#listeners.get(channel)?.(text));
  }

  #isOpen = false;

  /** Connects. Throws a `RedisError`, in words. */
  static async open(address: RedisAddress): Promise<RedisLink> {
    const link = new RedisLink(address);
    let why: unknown;
    link.#commands.on('error', (error) => {
      why ??= error;
    });
    try {
      await link.#commands.connect();
      await link.#listening.connect();
      await link.#commands.ping();
    } catch (error) {
      link.close();
      throw new RedisError(`Redis at ${address.words} cannot be used: ${whyRedisFailed(why ?? error)}`, {
        cause: error,
      });
    }
    link.#isOpen = true;
    link.#silentSinceMs = undefined;
    return link;
  }

  /** For how long Redis has not answered; 0 while it does. */
  get silentMs(): number {
    return this.#silentSinceMs === undefined ? 0 : performance.now() - this.#silentSinceMs;
  }

  /** For how long Redis has been answering without a break; 0 while it does not. */
  get upMs(): number {
    return this.#silentSinceMs === undefined ? performance.now() - this.#upSinceMs : 0;
  }

  /** Calls the listener each time Redis answers again; returns what removes it. */
  onUp(listener: () => void): () => void {
    this.#onUp.add(listener);
    return () => this.#onUp.delete(listener);
  }

  /** Asks Redis for something; rejects if there is no answer, or an answer that refuses. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      const answer = await question(this.#commands);
      this.#answered();
      return answer;
    } catch (error) {
      if (isAnswer(error)) this.#answered();
      else this.#unanswered(error);
      throw error;
    }
  }

  /** The same, for what is tried again soon anyway: undefined if it did not work. */
  async tryTo<T>(question: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    return await this.ask(question).catch(() => undefined);
  }

  /** Several commands at once, tried again soon anyway. */
  async tryAll(add: (pipeline: ChainableCommander) => unknown): Promise<void> {
    await this.tryTo(async (redis) => {
      const pipeline = redis.pipeline();
      add(pipeline);
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    });
  }

  /** Sends a note to whoever listens now. */
  async note(channel: string, text: string): Promise<void> {
    await this.tryTo((redis) => redis.publish(channel, text));
  }

  async listen(channel: string, listener: (text: string) => void): Promise<void> {
    this.#listeners.set(channel, listener);
    await this.#listening.subscribe(channel);
  }

  unlisten(channel: string): void {
    this.#listeners.delete(channel);
    // Without a connection there is no subscription, either, and the answer would be long in coming.
    this.#listening.unsubscribe(channel).catch(() => undefined);
  }

  /**
   * A connection for BullMQ, which repeats its commands itself, and copies it. The caller closes it; once the link is closed, no copy is made
   * anew, which would keep the program alive for as long as Redis is gone.
   */
  queueConnection(): Redis {
    const retryStrategy = (): number | null => (this.#isOpen ? RETRY_MS : null);
    const client = clientOf(this.address, { retryStrategy, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    return client;
  }

  close(): void {
    this.#isOpen = false;
    this.#commands.disconnect();
    this.#listening.disconnect();
  }

  #answered(): void {
    if (this.#silentSinceMs !== undefined) this.#maybeUp();
  }

  #maybeUp(): void {
    if (!this.#isOpen || this.#commands.status !== 'ready' || this.#listening.status !== 'ready') return;
    if (this.#silentSinceMs === undefined) return;
    this.#silentSinceMs = undefined;
    this.#upSinceMs = performance.now();
    for (const listener of this.#onUp) listener();
  }

  /** A connection whose other end is gone without a word must be made anew. */
  #unanswered(error: unknown): void {
    this.#failed();
    const isLate = error instanceof Error && error.message === 'Command timed out';
    if (isLate && this.#isOpen) this.#commands.disconnect(true);
  }

  #failed(): void {
    if (this.#isOpen) this.#silentSinceMs ??= performance.now();
  }
}

function clientOf({ host, port, db, isSecure, username, password }: RedisAddress, options: RedisOptions): Redis {
  const where: RedisOptions = {
    host,
    port,
    db,
    username,
    password,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    keepAlive: 5_000,
    connectionName: 'fleetstorm',
    protocol: 2,
  };
  if (isSecure) where.tls = { servername: host };
  return new Redis(Object.assign(where, options, { replyMapping: 'legacy' as const }));
}
