import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { correlated, correlateWith, correlation, correlationId } from "../../../shared/kernel/correlation.ts";

describe("the id under which we work", () => {
  test("is that of the call, also after waiting, and another call's beside it is another one's", async () => {
    const later = async (id: string, ms: number) =>
      correlated(id, async () => {
        await wait(ms);
        return correlation();
      });
    expect(await Promise.all([later("a", 2), later("b", 1)])).toEqual([{ correlationId: "a" }, { correlationId: "b" }]);
    expect([correlationId(), correlation()]).toEqual([undefined, {}]);
  });

  test("is the one around it where none is said", () => {
    expect(correlated("outer", () => correlated(undefined, correlationId))).toBe("outer");
  });

  test("becomes the order's where work turns out to be about one, and ends with that work", () => {
    correlated("job", () => {
      correlated("message", () => {
        correlateWith({ correlationId: "order" });
        expect(correlationId()).toBe("order");
        correlateWith({});
        expect(correlationId()).toBe("order");
      });
      expect(correlationId()).toBe("job");
    });
    correlateWith({ correlationId: "nobody works" });
    expect(correlationId()).toBeUndefined();
  });

  test.each(["", "two words", "line\nbreak", "mail@example.com", "卡密", "x".repeat(101)])("is never %j", (id) => {
    expect(correlated(id, correlationId)).toBeUndefined();
    expect(
      correlated("outer", () => {
        correlateWith({ correlationId: id });
        return correlationId();
      }),
    ).toBe("outer");
  });
});
