import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { watchSources } from "../../../infra/local/watch-sources.ts";

function watched() {
  const home = mkdtempSync(join(tmpdir(), "vouchsafe-watch-"));
  mkdirSync(join(home, "functions/orders"), { recursive: true });
  mkdirSync(join(home, "elsewhere"));
  const changes = watchSources(["functions"], home);
  onTestFinished(() => {
    changes.stop();
    rmSync(home, { recursive: true });
  });
  return { changes, write: (file: string) => writeFileSync(join(home, file), ""), home };
}

test("files that are written, and those that editors put in their place, are seen", async () => {
  const { changes, write, home } = watched();
  write("elsewhere/a.ts");
  write("functions/notes.txt");
  write("functions/orders/a.ts");
  expect([...(await changes.next())]).toEqual(["functions/orders/a.ts"]);

  for (const time of ["once", "again"]) {
    write(`elsewhere/${time}.ts`);
    renameSync(join(home, `elsewhere/${time}.ts`), join(home, "functions/orders/a.ts"));
    expect([...(await changes.next())]).toEqual(["functions/orders/a.ts"]);
  }
});

test("files of a new folder are seen", async () => {
  const { changes, write, home } = watched();
  mkdirSync(join(home, "functions/ledger"));
  write("functions/trigger.ts");
  await changes.next();
  write("functions/ledger/a.ts");
  expect([...(await changes.next())]).toEqual(["functions/ledger/a.ts"]);
});

test("nothing that changed between two looks is lost", async () => {
  const { changes, write } = watched();
  write("functions/a.ts");
  await changes.next();
  expect(changes.take()).toEqual(new Set());
  write("functions/b.ts");
  expect(await changes.next()).toEqual(new Set(["functions/b.ts"]));
});
