import { z } from 'zod';
import { told } from './count.ts';

/** The file in the folder of a share that holds what was heard of its workers. */
export const SHARE_RECORD_FILE = 'share.ndjson';

const shareNumber = z.number().int().min(1);

/** Which part of a run it is, if it was played apart from the others. */
export const shareSchema = z.strictObject({
  index: told(shareNumber, 'Number of the share, from 1.', 2),
  of: told(shareNumber, 'Number of shares of the run.', 4),
  plannedStart: told(
    z.iso.datetime().optional(),
    'When all shares were to start, in UTC; absent if each was to start at once.',
    '2026-12-01T10:00:00.000Z',
  ),
  start: told(
    z.iso.datetime().optional(),
    'When this one did, by the clock of its machine, in UTC; absent if it was stopped before.',
    '2026-12-01T10:00:00.000Z',
  ),
});
export type ShareResult = z.infer<typeof shareSchema>;
