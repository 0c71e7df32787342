import { z } from 'zod';

/** How often something happened. */
export const count = z.number().int().nonnegative();
/** Counts by name. */
export const counts = z.record(z.string(), count);
