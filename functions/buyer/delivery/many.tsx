import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Shown } from "./goods.tsx";
import { Proof } from "./proof.tsx";
import { wordsIn } from "./words.ts";
import { addressesFrom, PER_PAGE, type Writing } from "./writing.ts";

type Part = { writing: Writing; shown: Shown };

/** What is done with many codes at once: copied, saved as files. `names`: the elements of those on this page. */
export function AllOfThem({ writing, shown: { from, all }, names }: Part & { names: string }) {
  const words = wordsIn(writing.language);
  return (
    <>
      <p class="small">{words.range(from + 1, Math.min(from + PER_PAGE, all), all)}</p>
      <div class="row">
        <button
          class="button"
          type="button"
          data-copy={names}
          data-done={words.copied}
          data-failed={words.copyFailed}
          hidden
        >
          {words.copyAll}
        </button>
        <Files writing={writing} all={all} />
      </div>
      <LockedFiles writing={writing} all={all} />
    </>
  );
}

/** Where each text file begins, at most so many. */
const startsOf = (all: number): number[] =>
  Array.from(
    { length: Math.min(Math.ceil(all / LIMITS.codesPerTextFile), FILES_AT_MOST) },
    (_, part) => part * LIMITS.codesPerTextFile,
  );

/** The same files, locked: for who keeps them, or sends them on. */
function LockedFiles({ writing, all }: { writing: Writing; all: number }) {
  const words = wordsIn(writing.language);
  const starts = startsOf(all);
  return (
    <details>
      <summary>{words.lockFile}</summary>
      <form method="post" action={addressesFrom(writing).file}>
        <Proof writing={writing} />
        <p class="asked">
          <label for="lock">{words.lock(LIMITS.passphraseLength)}</label>
          <span class="small" id="lock-hint">
            {words.lockHint}
          </span>
          <input
            id="lock"
            name="lock"
            type="text"
            minLength={LIMITS.passphraseLength}
            maxLength={3000}
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            required
            aria-describedby="lock-hint"
          />
        </p>
        <div class="row">
          {starts.map((from) => (
            <button key={from} type="submit" name="from" value={from}>
              {starts.length === 1
                ? words.saveLocked
                : words.saveFileFrom(from + 1, Math.min(from + LIMITS.codesPerTextFile, all))}
            </button>
          ))}
        </div>
      </form>
    </details>
  );
}

function Files({ writing, all }: { writing: Writing; all: number }) {
  const words = wordsIn(writing.language);
  const size = LIMITS.codesPerTextFile;
  const starts = startsOf(all);
  return (
    <>
      {starts.map((from) => (
        <form key={from} method="post" action={addressesFrom(writing).file}>
          <input type="hidden" name="from" value={from} />
          <Proof writing={writing} />
          <button type="submit">
            {starts.length === 1 ? words.saveFile : words.saveFileFrom(from + 1, Math.min(from + size, all))}
          </button>
        </form>
      ))}
    </>
  );
}

/** The largest order has a hundred files. */
const FILES_AT_MOST = LIMITS.codesPerLargeOrder / LIMITS.codesPerTextFile;

/** The ways to the codes before and after those of this page. */
export function Pages({ writing, shown: { from, next } }: Part) {
  const words = wordsIn(writing.language);
  if (from === 0 && next === null) return null;
  return (
    <div class="row">
      {from === 0 ? null : <Turn writing={writing} from={Math.max(0, from - PER_PAGE)} label={words.previousPage} />}
      {next === null ? null : <Turn writing={writing} from={next} label={words.nextPage} />}
    </div>
  );
}

function Turn({ writing, from, label }: { writing: Writing; from: number; label: string }) {
  return (
    <form method="post" action={addressesFrom(writing).reveal}>
      <input type="hidden" name="from" value={from} />
      <Proof writing={writing} />
      <button type="submit">{label}</button>
    </form>
  );
}
