import type { Domain } from "../engine/domain.ts";

type Stack = { add: (middleware: never, options: never) => void };
type Next = (args: unknown) => Promise<unknown>;

/** Lets something happen right after a process has put its order, before it goes on: what others do in between. */
export function afterPut({ db, tables }: Domain, happen: () => Promise<void>): void {
  const middleware =
    (next: Next, { commandName = "" }: { commandName?: string }) =>
    async (args: { input: { TableName?: string } }) => {
      const answer = await next(args);
      if (commandName.startsWith("PutItem") && args.input.TableName === tables.orders) await happen();
      return answer;
    };
  const stack = db.middlewareStack as unknown as Stack;
  stack.add(middleware as never, { step: "initialize", name: "afterPut", priority: "high" } as never);
}
