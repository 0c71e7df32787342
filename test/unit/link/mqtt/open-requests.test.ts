import { describe, expect, test } from 'vitest';
import { OpenRequests } from '../../../../src/link/mqtt/open-requests.ts';
import { RecordingMessages } from '../../../fixtures/links/recording-messages.ts';

const LAST_ID = 65_535;

function opened(count: number): { requests: OpenRequests; told: RecordingMessages } {
  const told = new RecordingMessages();
  const requests = new OpenRequests(told);
  for (let nth = 0; nth < count; nth++) requests.published(requests.nextId());
  return { requests, told };
}

describe('packet identifiers', () => {
  test('count from 1', () => {
    expect([...opened(3).requests.ids]).toEqual([1, 2, 3]);
  });

  test('never are 0, and start again after the last one', () => {
    const { requests } = opened(0);
    const ids = Array.from({ length: LAST_ID + 2 }, () => requests.nextId());
    expect(ids.slice(-3)).toEqual([LAST_ID, 1, 2]);
    expect(Math.min(...ids)).toBe(1);
  });

  test('in use are not given again', () => {
    const { requests } = opened(LAST_ID - 1);
    requests.take({ cmd: 'puback', messageId: 7 });
    expect([requests.nextId(), requests.nextId()]).toEqual([LAST_ID, 7]);
  });

  test('run out when all wait for an answer, and come back with one', () => {
    const { requests } = opened(LAST_ID);
    expect(requests.isFull).toBe(true);
    requests.take({ cmd: 'puback', messageId: 300 });
    expect(requests.isFull).toBe(false);
    expect(requests.nextId()).toBe(300);
  });
});

describe('answers', () => {
  test('close their request once', () => {
    const { requests, told } = opened(1);
    for (let nth = 0; nth < 2; nth++) expect(requests.take({ cmd: 'puback', messageId: 1 })).toBeUndefined();
    expect(told.calls).toEqual(['puback 1']);
    expect([...requests.ids]).toEqual([]);
  });

  test('of the wrong kind are a fault in words, and leave the request open', () => {
    const { requests, told } = opened(1);
    requests.subscribed(requests.nextId(), 2);
    expect(requests.take({ cmd: 'pubrec', messageId: 1 })).toBe('pubrec in answer to a PUBLISH of QoS 1');
    expect(requests.take({ cmd: 'suback', messageId: 1, granted: [0] })).toMatch(
      /^suback of 1 codes in answer to a PUB/,
    );
    expect(requests.take({ cmd: 'suback', messageId: 2, granted: [0] })).toMatch(
      / in answer to a SUBSCRIBE of 2 filters$/,
    );
    expect(told.calls).toEqual([]);
    expect([...requests.ids]).toEqual([1, 2]);
  });
});
