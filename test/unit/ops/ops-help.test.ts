import { describe, expect, test } from "vitest";
import { commands } from "../../../infra/ops/commands.ts";
import { helpFor } from "../../../infra/ops/help.ts";
import { Scope } from "../../../shared/channels/table.ts";

describe("help", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]], [["nonsense", "--help"]]])("for %j is every command", (argv) => {
    for (const words of Object.keys(commands)) expect(helpFor(argv)).toContain(`  ${words}`);
  });

  test.each([[["stock"]], [["stock", "--help"]], [["help", "stock"]]])("for %j is the commands about it", (argv) => {
    expect(helpFor(argv)).toMatch(/ {2}stock verify --product …\n {6}Recount a product's slots/);
    expect(helpFor(argv)).not.toContain("  products list");
  });

  test("for a command is what each of its options means, whatever else was said", () => {
    for (const [words, { options }] of Object.entries(commands)) {
      const help = helpFor([...words.split(" "), "--json", "--help"]);
      const summary = commands[words]?.summary?.replaceAll("`", "").replace("202 when", "exit code 4 when") ?? "";
      expect([words, summary]).not.toEqual([words, ""]);
      expect(help).toContain(`\n${summary}.`);
      for (const { about } of Object.values(options)) expect(help).toContain(`  ${about}`);
    }
    for (const scope of Scope.options) expect(helpFor(["keys", "create", "--help"])).toContain(scope);
  });

  test("says what the command does, and not what one call of the API does", () => {
    for (const [words, command] of Object.entries(commands)) {
      const help = helpFor([...words.split(" "), "--help"]) ?? "";
      expect(`${words}: ${help}`).not.toMatch(
        /202 when|null takes|nextCursor is|a page of|A page of|page after page|a step at a time|A step of/,
      );
      // An option is explained by more than its own name.
      const bare = Object.entries(command.options).filter(([name, { about }]) => about === name);
      expect([words, bare]).toEqual([words, []]);
    }
  });

  test("is not shown to whoever did not ask", () => {
    expect(helpFor(["stock", "count", "--product", "p"])).toBeUndefined();
  });
});
