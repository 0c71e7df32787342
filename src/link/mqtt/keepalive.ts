import type { Clock } from '../../time/clock.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import type { ConnectionSettings } from '../port.ts';

/** Callbacks of the keepalive. */
export interface KeepaliveOwner {
  /** Sends PINGREQ, and calls `sent`. */
  sendPing(): void;
  /** No PINGRESP came in time: the peer is presumed dead. */
  onKeepaliveTimeout(): void;
}

/**
 * How long to wait for PINGRESP, as a share of the keepalive. MQTT leaves this to the client [MQTT 3.1.1 clause 3.1.2.10]; MQTT.js does
 * the same.
 */
const ANSWER_SHARE = 1 / 2;

/**
 * The keepalive of one session, the same for every client: PINGREQ is due one keepalive after the last packet that was sent, whatever it
 * was [MQTT 3.1.1 clause 3.1.2.10], and only PINGRESP answers it. Sending a packet costs only a reading of the clock: the timer is moved
 * when it fires.
 */
export class Keepalive implements TimerOwner {
  readonly #owner: KeepaliveOwner;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #keepaliveUs: number;
  readonly #timer = new WheelTimer(this);
  /** When the last packet was sent: CONNECT, to begin with. */
  #sentUs: number;
  #isPinging = false;
  #isStopped = false;

  /** `keepaliveSec` 0 turns it off [clause 3.1.2.10]. CONNECT is sent now. */
  constructor(connection: ConnectionSettings, clock: Clock, wheel: TimerWheel, owner: KeepaliveOwner) {
    this.#keepaliveUs = connection.keepaliveSec * US_PER_SEC;
    this.#clock = clock;
    this.#wheel = wheel;
    this.#owner = owner;
    this.#sentUs = clock.nowUs();
  }

  /** The session is online: from now on there may be PINGREQ. */
  start(): void {
    this.#arm(this.#sentUs + this.#keepaliveUs);
  }

  /** A packet was sent. */
  sent(): void {
    this.#sentUs = this.#clock.nowUs();
  }

  /** PINGRESP came. */
  answered(): void {
    if (!this.#isPinging) return;
    this.#isPinging = false;
    this.#arm(this.#sentUs + this.#keepaliveUs);
  }

  /** No more PINGREQ; a missing answer goes unnoticed. */
  stop(): void {
    this.#isStopped = true;
    this.#wheel.cancel(this.#timer);
  }

  onTimer(): void {
    if (this.#isPinging) {
      this.#owner.onKeepaliveTimeout();
      return;
    }
    const [nowUs, dueUs] = [this.#clock.nowUs(), this.#sentUs + this.#keepaliveUs];
    if (nowUs < dueUs) {
      this.#arm(dueUs);
      return;
    }
    this.#isPinging = true;
    this.#owner.sendPing();
    this.#arm(nowUs + this.#keepaliveUs * ANSWER_SHARE);
  }

  #arm(dueUs: number): void {
    if (this.#keepaliveUs > 0 && !this.#isStopped) this.#wheel.start(this.#timer, dueUs);
  }
}
