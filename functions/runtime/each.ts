import { errorName, log } from "./log.ts";

/** Collects the subjects that a job failed for: `note` logs one, `end` throws if there was any. */
export function failuresOf(job: string): { note: (subject: string, error: unknown) => void; end: () => void } {
  let failed = 0;
  return {
    note: (subject, error) => {
      failed += 1;
      log("maintenance_failed", { job, subject, error: errorName(error) }, error);
    },
    end: () => {
      if (failed > 0) throw new Error(`${job} failed for ${failed}`);
    },
  };
}

/** Does something for each subject; one that fails keeps none of the others waiting. Throws in the end if any did. */
export async function forEachSubject<T>(
  job: string,
  subjects: readonly T[],
  nameOf: (subject: T) => string,
  work: (subject: T) => Promise<void>,
): Promise<void> {
  const failures = failuresOf(job);
  for (const subject of subjects) {
    try {
      await work(subject);
    } catch (error) {
      failures.note(nameOf(subject), error);
    }
  }
  failures.end();
}
