import { pauseAfter } from "../../shared/kernel/again.ts";

const TRIES = 10;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Repeats a call that is answered 429, which means that nothing was run: the account runs as many functions as it may, or calls come too
 * fast. Pauses are random, at most 26 s in all. Returns the last answer.
 */
export async function untilNotThrottled<Answer extends { status: number }>(
  call: () => Promise<Answer>,
  pause: typeof pauseAfter = pauseAfter,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await call();
    if (answer.status !== 429 || tries === TRIES) return answer;
    await pause(tries, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  }
}
