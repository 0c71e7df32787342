import { expect, it } from 'vitest';
import { renderSummary } from '../../../src/report/text/summary-text.ts';
import { quickstart } from './fixtures.ts';

const STYLE = { columns: 80, color: false, unicode: true };

it('shows what devices sent on connect, in a section of its own', () => {
  const messages = { subscribed: 4_000, refused: 12, published: 2_000, acknowledged: 1_998 };
  const text = renderSummary({ ...quickstart, total: { ...quickstart.total, messages } }, STYLE);
  expect(text).toContain(`
Messages sent on connect
  subscribed    4,000  filters granted by SUBACK
  refused          12  filters, 0x80
  published     2,000  messages sent
  acknowledged  1,998  of those with QoS 1, by PUBACK
`);
});

it('says nothing of messages where there were none', () => {
  expect(renderSummary(quickstart, STYLE)).not.toContain('Messages');
});
