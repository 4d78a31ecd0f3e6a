// A wide range that an app may reach is opened without the addresses at which clouds give out credentials.
// Does not prove: that the cluster's network enforces it.
import { expect, it } from "vitest";
import { changed, planOf } from "../support/plans.ts";

it("a range of all addresses leaves link-local ones out, a range of one's own stays as it is", async () => {
    const sections = await changed("staging", (all) => {
        all["apps"][0].egress = {
            addresses: [
                { cidr: "0.0.0.0/0", port: 587 },
                { cidr: "10.20.0.0/16", port: 9200 },
            ],
        };
    });
    const { resources } = await planOf(sections);
    const policy = resources.find(({ name }) => name === "shop-to-outside");
    const { egress } = policy!.props["spec"] as { readonly egress: unknown };
    expect(egress).toEqual([
        {
            to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
            ports: [{ protocol: "TCP", port: 587 }],
        },
        { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 9200 }] },
    ]);
});
