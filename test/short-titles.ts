import { beforeEach } from 'vitest';

/** As long as a reader of the log takes in, with the names of the tests around it. */
const MOST_CHARACTERS = 120;

/** A title made of its test's own data may be of any length. */
beforeEach(({ task: { name } }) => {
  if (name.length > MOST_CHARACTERS)
    throw new Error(`a title of ${name.length} characters (at most ${MOST_CHARACTERS}): ${name.slice(0, 60)}...`);
});
