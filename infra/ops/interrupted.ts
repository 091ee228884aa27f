/**
 * Says something when the command is interrupted (Ctrl-C), and then lets it end as it would have. Gives back what to call when
 * there is nothing to say any more.
 */
export function onInterrupt(say: () => string): () => void {
  const ended = (): void => {
    process.stderr.write(`\n${say()}\n`);
    process.off("SIGINT", ended);
    // Ends it by the signal, so that a script around it stops too.
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", ended);
  return () => process.off("SIGINT", ended);
}
