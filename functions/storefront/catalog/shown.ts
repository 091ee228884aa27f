import * as z from "zod";
import { description } from "../../../shared/catalog/description.ts";
import { ProductKind } from "../../../shared/catalog/kinds.ts";
import { Availability } from "../../../shared/inventory/available.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Time } from "../../fields.ts";

export const Product = z
  .object({
    id: z.string(),
    kind: ProductKind,
    name: z.string(),
    price: Money.meta({ description: "What one piece costs the channel." }),
    retailPrice: Money.meta({
      description: "What a buyer pays for one piece at checkout. The difference is the channel's margin.",
    }),
    availability: Availability.meta({ description: "A few seconds old; the order decides. `low`: fewer than 10." }),
    asOf: Time.optional().meta({ description: "How old the suppliers' word is that the availability rests on." }),
    names: description.names.meta({
      description: "The name in other languages. Texts come in all languages there are.",
    }),
    description: description.description,
    redemption: description.redemption.meta({ description: "How a buyer redeems what was bought, and where." }),
    categories: description.categories,
    tags: description.tags,
    regions: description.regions.meta({ description: "Where it can be redeemed. Absent: everywhere." }),
    validity: description.validity.meta({
      description:
        "How long it can be redeemed: `days` after the sale, or `until` a moment. A code's own end counts more.",
    }),
    refundRule: description.refundRule.meta({
      description:
        "What a buyer may have back, for `days` after the sale. `never` · `unseen`: what nobody has looked at · `always`. An order keeps the rule of its product version.",
    }),
  })
  .meta({
    id: "Product",
    description: "A product at this channel's price.",
    examples: [
      {
        id: `prod_${"0".repeat(26)}`,
        kind: "code",
        name: "Music, one month",
        price: { amount: 1500, currency: "CNY" },
        retailPrice: { amount: 1800, currency: "CNY" },
        availability: "in_stock",
        names: { zh: "音乐月卡" },
        categories: ["music"],
        regions: ["CN"],
        refundRule: { buyer: "unseen", days: 7 },
      },
    ],
  });
