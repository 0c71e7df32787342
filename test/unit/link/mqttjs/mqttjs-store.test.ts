import { once } from 'node:events';
import type { Packet } from 'mqtt';
import { describe, expect, it, vi } from 'vitest';
import { FlightStore } from '../../../../src/link/mqttjs/mqttjs-store.ts';

const PACKET: Packet = { cmd: 'puback', messageId: 7 };

describe('FlightStore', () => {
  it('gives back what was put, until it is deleted', () => {
    const store = new FlightStore();
    const [put, got, deleted, missing] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
    store.put(PACKET, put).get(PACKET, got).del(PACKET, deleted).get(PACKET, missing);
    expect(put).toHaveBeenCalledOnce();
    expect(got).toHaveBeenCalledExactlyOnceWith(undefined, PACKET);
    expect(deleted).toHaveBeenCalledExactlyOnceWith(undefined, PACKET);
    expect(missing).toHaveBeenCalledExactlyOnceWith(new Error('missing packet'));
  });

  it('forgets all when it is closed', () => {
    const store = new FlightStore();
    const [closed, missing] = [vi.fn(), vi.fn()];
    store.put(PACKET, vi.fn());
    store.close(closed);
    store.get(PACKET, missing);
    expect(closed).toHaveBeenCalledOnce();
    expect(missing).toHaveBeenCalledExactlyOnceWith(new Error('missing packet'));
  });

  it('has nothing to send again', async () => {
    const replay = new FlightStore().createStream();
    const ended = once(replay, 'end');
    expect(replay.read()).toBeNull();
    await ended;
  });
});
