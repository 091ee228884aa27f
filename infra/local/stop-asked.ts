/** Resolves when somebody wants this process to end: by Ctrl-C, by a signal, or by ending the `npm` that runs it. */
export function untilStopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // Killed outright, npm can't pass it on; then we are somebody else's child all of a sudden.
    const parent = process.ppid;
    const run = process.env["npm_lifecycle_event"] === undefined ? undefined : setInterval(check, 500).unref();
    function check() {
      if (process.ppid === parent) return;
      clearInterval(run);
      resolve();
    }
  });
}
