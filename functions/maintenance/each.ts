import { errorName, log } from "../runtime/log.ts";

/** Does something for each subject; one that fails keeps none of the others waiting. Throws in the end if any did. */
export async function forEachSubject<T>(
  job: string,
  subjects: readonly T[],
  nameOf: (subject: T) => string,
  work: (subject: T) => Promise<void>,
): Promise<void> {
  const failed: string[] = [];
  for (const subject of subjects) {
    try {
      await work(subject);
    } catch (error) {
      failed.push(nameOf(subject));
      log("maintenance_failed", { job, subject: nameOf(subject), error: errorName(error) }, error);
    }
  }
  if (failed.length > 0) throw new Error(`${job} failed for ${failed.length} of ${subjects.length}`);
}
