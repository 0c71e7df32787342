import { setPriority } from 'node:os';

/** Below the priority that processes have. */
const LOWER = 5;

/** Tests that mean no time leave the processor to those beside them that do, and take what these leave while they wait. */
setPriority(LOWER);
