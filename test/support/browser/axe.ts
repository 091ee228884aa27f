import axe from "axe-core";
import type { Page } from "playwright-core";

type Node = { target: string[]; any: { message: string }[] };
type AxeResult = { violations: { id: string; nodes: Node[] }[] };

/** Runs axe-core on a page, in a world of its own, so that the page's policy stays as it is. */
async function problems(page: Page, options: object): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  const run = async (expression: string): Promise<unknown> => {
    const told = await session.send("Runtime.evaluate", {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (told.exceptionDetails !== undefined) throw new Error(told.exceptionDetails.exception?.description ?? "axe");
    return told.result.value;
  };
  await run(`${axe.source};0`);
  const { violations } = (await run(
    `axe.run(${JSON.stringify({ resultTypes: ["violations"], ...options })})`,
  )) as AxeResult;
  await session.detach();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} at ${target.join(" ")}: ${any[0]?.message ?? ""}`),
  );
}

/** Tells what axe-core finds on a page against WCAG 2 AA and its own best practices. */
export const accessibilityProblems = (page: Page): Promise<string[]> => problems(page, {});

/** Tells the same of colours alone: of all that axe looks at, only they are others in the dark. */
export const contrastProblems = (page: Page): Promise<string[]> => problems(page, { runOnly: ["color-contrast"] });
