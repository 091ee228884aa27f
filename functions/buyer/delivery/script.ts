// What runs in the browser. Without it a page does all but copying by a tap, and looking for news by itself.

/**
 * Copies codes at a tap, opens where they are redeemed after that, and loads the page again when there is news. Nothing from outside
 * may be used here, because the text of this function is what the page carries.
 */
function run(): void {
  const live = document.getElementById("live");
  const textOf = (names: string): string =>
    names
      .split(" ")
      .map((name) => document.getElementById(name)?.textContent ?? "")
      .filter((text) => text !== "")
      .join(" ");

  /** An older browser, or one inside another app, has no clipboard for pages: there a selection is copied. */
  const copySelected = (text: string): boolean => {
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "live";
    document.body.append(area);
    area.select();
    // oxlint-disable-next-line typescript/no-deprecated
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  };
  const copy = async (text: string): Promise<boolean> => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };

  const say = (element: HTMLElement, isDone: boolean): void => {
    const words = (isDone ? element.dataset["done"] : element.dataset["failed"]) ?? "";
    const before = element.dataset["label"] ?? element.textContent;
    element.dataset["label"] = before;
    element.textContent = words;
    if (live !== null) live.textContent = words;
    setTimeout(() => {
      element.textContent = before;
    }, 2500);
  };
  const copyFrom = async (element: HTMLElement): Promise<void> => {
    const text = (element.dataset["copy"] ?? "").split(",").map(textOf).join("\n");
    const isDone = await copy(text);
    say(element, isDone);
    if (isDone && element instanceof HTMLAnchorElement) window.open(element.href, "_blank", "noopener,noreferrer");
  };
  for (const element of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    element.hidden = false;
    element.addEventListener("click", (event) => {
      event.preventDefault();
      void copyFrom(element);
    });
  }

  const { stamp, state } = document.body.dataset;
  if (stamp === undefined || state === undefined) return;
  let pause = 5000;
  const waitAndLook = (): void => {
    setTimeout(() => void look(), pause);
    pause = Math.min(pause * 1.2, 60_000);
  };
  const look = async (): Promise<void> => {
    try {
      const answer = document.hidden ? undefined : await fetch(state);
      if (answer?.ok === true && ((await answer.json()) as { stamp: string }).stamp !== stamp) {
        location.reload();
        return;
      }
    } catch {
      // No connection: the next look may have one.
    }
    waitAndLook();
  };
  waitAndLook();
}

export const SCRIPT = `(${run.toString()})()`;
