// The types of EC2 instances: generations by the sizes that they come in.

export const asOf = "2026-11-30";
/** A test compares the two. */
export const source = "InstanceType of @pulumi/aws 7.48.0, types/enums/ec2";

const families: Readonly<Record<string, string>> = {
    "medium large xlarge 2xlarge 4xlarge metal": "a1",
    "medium xlarge": "c1",
    "large xlarge 2xlarge 4xlarge 8xlarge": "c3 c4 r3",
    "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal": "c5 c5d",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge": "c5a c5ad m5a m5ad r5a r5ad",
    "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge metal": "c5n",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal": "c6a m6a r6a",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal":
        "c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge": "c6gn",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal":
        "c6i c6id c6in i4i m6i m6id m6idn m6in r6i r6id r6idn r6in",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl":
        "c7a m7a r7a",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge": "c7i-flex c8i-flex m7i-flex m8i-flex r8i-flex",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl":
        "c7i i7i m7i m9g m9gd r7i",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl":
        "c8a c8g c8gb c8gd c8gn m8a m8g m8gb m8gd m8gn r8a r8g r8gd r8gn x8g",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl":
        "c8i c8ib c8id c8in m8i m8ib m8id m8idb m8idn m8in r8i r8ib r8id r8idb r8idn r8in",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge": "c8ine m8ine",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-48xl": "c9g c9gd",
    "4xlarge": "cc1 cg1 gr6f hi1",
    "8xlarge": "cc2 cr1 hs1",
    "xlarge 2xlarge 4xlarge 8xlarge": "d2 d3 i2",
    "xlarge 2xlarge 4xlarge 6xlarge 8xlarge 12xlarge": "d3en",
    "24xlarge": "dl1 dl2q p3dn p4d p4de",
    "2xlarge 4xlarge 16xlarge": "f1",
    "6xlarge 12xlarge 48xlarge": "f2",
    "2xlarge 8xlarge": "g2",
    "4xlarge 8xlarge 16xlarge": "g3 hpc7g",
    xlarge: "g3s",
    "xlarge 2xlarge 4xlarge 8xlarge 16xlarge": "g4ad",
    "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal": "g4dn",
    "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge": "g5 g6 g6e",
    "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal": "g5g",
    "large xlarge 2xlarge 4xlarge": "g6f",
    "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge": "g7 g7e",
    "4xlarge 8xlarge": "gr6",
    "2xlarge 4xlarge 8xlarge 16xlarge": "h1",
    "48xlarge": "hpc6a p5e p5en p6-b200 p6-b300",
    "32xlarge": "hpc6id trn1n",
    "12xlarge 24xlarge 48xlarge 96xlarge": "hpc7a",
    "96xlarge": "hpc8a",
    "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal": "i3",
    "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal": "i3en",
    "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge": "i4g im4gn r4",
    "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl": "i7ie i8ge",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl": "i8g",
    "xlarge 2xlarge 6xlarge 24xlarge": "inf1",
    "xlarge 8xlarge 24xlarge 48xlarge": "inf2",
    "medium large xlarge 2xlarge 4xlarge 8xlarge": "is4gen",
    "small medium large xlarge": "m1",
    "xlarge 2xlarge 4xlarge": "m2",
    "medium large xlarge 2xlarge": "m3",
    "large xlarge 2xlarge 4xlarge 10xlarge 16xlarge": "m4",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal": "m5 m5d m5dn m5n r5 r5b r5d r5dn r5n",
    "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal": "m5zn z1d",
    "medium large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl": "m8azn",
    metal: "mac-m3ultra mac-m4 mac-m4max mac-m4pro mac1 mac2-m1ultra mac2-m2 mac2-m2pro mac2",
    "xlarge 8xlarge 16xlarge": "p2",
    "2xlarge 8xlarge 16xlarge": "p3",
    "4xlarge 48xlarge": "p5",
    "36xlarge": "p6e-gb200",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 32xlarge metal-16xl metal-32xl": "r7iz",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl": "r8gb",
    micro: "t1",
    "nano micro small medium large xlarge 2xlarge": "t2 t3 t3a t4g",
    "2xlarge 32xlarge": "trn1",
    "3xlarge 48xlarge": "trn2",
    "112xlarge metal": "u-12tb1 u-18tb1 u-24tb1 u-9tb1",
    "56xlarge": "u-3tb1",
    "56xlarge 112xlarge metal": "u-6tb1",
    "224xlarge": "u7i-12tb u7ib-12tb u7in-16tb u7in-24tb u7in-32tb",
    "112xlarge": "u7i-6tb u7i-8tb",
    "480xlarge": "u7inh-32tb",
    "3xlarge 6xlarge 24xlarge": "vt1",
    "16xlarge 32xlarge": "x1",
    "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 32xlarge": "x1e",
    "16xlarge 24xlarge 32xlarge metal": "x2idn",
    "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge metal": "x2iedn",
    "2xlarge 4xlarge 6xlarge 8xlarge 12xlarge metal": "x2iezn",
    "large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl": "x8aedz",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 64xlarge 96xlarge metal-48xl metal-96xl":
        "x8i",
};

const sizes: ReadonlyMap<string, readonly string[]> = new Map(
    Object.entries(families).flatMap(([list, names]) =>
        names.split(" ").map((name) => [name, list.split(" ")] as const),
    ),
);

/** For example `m7i`. */
export const instanceFamilies: readonly string[] = [...sizes.keys()];

/** @returns undefined for a family that is not known */
export function sizesOfFamily(family: string): readonly string[] | undefined {
    return sizes.get(family);
}
