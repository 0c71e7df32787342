import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onEndSignal } from '../../../../src/cli/io/end-signals.ts';

function played() {
  const source = new EventEmitter();
  const heard: string[] = [];
  const clock = { ms: 0 };
  const off = onEndSignal(
    { on: (signal, listener) => source.on(signal, listener), off: (signal, listener) => source.off(signal, listener) },
    (signal) => heard.push(signal),
    () => clock.ms,
  );
  const send = (signal: string, atMs: number): void => {
    clock.ms = atMs;
    source.emit(signal, signal);
  };
  return { source, heard, send, off };
}

describe('onEndSignal', () => {
  it('hears Ctrl-C, SIGTERM and the end of the terminal', () => {
    const { heard, send } = played();
    send('SIGHUP', 0);
    send('SIGTERM', 5_000);
    send('SIGINT', 10_000);
    expect(heard).toEqual(['SIGHUP', 'SIGTERM', 'SIGINT']);
  });

  it('takes what a machine says twice for one wish', () => {
    const { heard, send } = played();
    send('SIGTERM', 0);
    send('SIGTERM', 1);
    send('SIGHUP', 2);
    expect(heard).toEqual(['SIGTERM']);
    send('SIGTERM', 1_002);
    expect(heard).toEqual(['SIGTERM', 'SIGTERM']);
  });

  it('takes each Ctrl-C as it comes', () => {
    const { heard, send } = played();
    send('SIGINT', 0);
    send('SIGINT', 1);
    expect(heard).toEqual(['SIGINT', 'SIGINT']);
  });

  it('leaves nothing behind when it is taken off', () => {
    const { source, off } = played();
    off();
    expect(source.eventNames()).toEqual([]);
  });
});
