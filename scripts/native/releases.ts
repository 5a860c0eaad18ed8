import type { Variant } from "../../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";

/** A wheel on PyPI, pinned by its bytes. */
export interface Wheel {
  name: string;
  version: string;
  sha256: string;
  megabytes: number;
}

/** The pinned packages that a variant is made of. Sizes in MB. */
export interface Release {
  tensorflow: Wheel;
  /** Of the npm package, as the registry states it. */
  integrity: string;
  /** Libraries, headers and npm packages, unpacked. */
  unpacked: number;
}

/** TensorFlow 2.15 is the newest release that still ships headers and C library for the ABI of tfjs-node 4.22. */
const TENSORFLOW = "2.15.1";

/** The release of each variant. */
export const RELEASES: Readonly<Record<Variant, Release>> = {
  cpu: {
    tensorflow: {
      name: "tensorflow-cpu",
      version: TENSORFLOW,
      sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
      megabytes: 207,
    },
    integrity:
      "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
    unpacked: 650,
  },
  gpu: {
    tensorflow: {
      name: "tensorflow",
      version: TENSORFLOW,
      sha256: "bb0edd69103c154245c5f209f0507355cc68ba7e4de350084bc31edc562478e4",
      megabytes: 475,
    },
    integrity:
      "sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==",
    unpacked: 1060,
  },
};

/** CUDA 12.2 and cuDNN 8.9: the wheels that tensorflow[and-cuda]==2.15.1 names. */
export const CUDA: { wheels: readonly Wheel[]; unpacked: number } = {
  wheels: [
    wheel("cublas", "12.2.5.6", 418, "f448d8db463f9a2c7dd9a1e607c0961d3e95f825b86839c5882f7d073d406df0"),
    wheel("cuda-cupti", "12.2.142", 14, "ce68d1009dd14215e38ed49643d31374c71d6fea381181cb0b9da7f19dfd1624"),
    wheel("cuda-nvcc", "12.2.140", 21, "c6ff4ae7a636eb6cab7621191e19ac3779690686bbcf52c04d8b1ca2944e1e27"),
    wheel("cuda-nvrtc", "12.2.140", 23, "b1cdcae6443cb7cdcfb5d1bf51896a148c9f82f9e65b27db9ab095eaed689aa7"),
    wheel("cuda-runtime", "12.2.140", 1, "acb9cb7e44594a3512533497ea790d9f0b0e399abcc888584c157d1ffa080e41"),
    wheel("cudnn", "8.9.4.25", 720, "9f882d5b11753c566fd32427839089eb4f8ba7a58c28446ad359e32c40229723"),
    wheel("cufft", "11.0.8.103", 99, "72e961e578f9be9e316ccb4db8652c421dd0b57442624faa71061d452f449a67"),
    wheel("curand", "10.3.3.141", 56, "7b6bad6817b5df2a6f5ec221206fb895d9195fdd7d2443f3e86554108c141a0a"),
    wheel("cusolver", "11.5.2.141", 125, "5a85c4653ce34339a5688137f494a0f903e0f0532418550998167f00844161da"),
    wheel("cusparse", "12.1.2.141", 195, "4e13d6a51d2303dcb2a023ba09546811161f0334fc64e13689397bbd3b1eb126"),
    wheel("nccl", "2.16.5", 189, "84695a4248138fb2ca12f5fd3defe986e790e71ccdaad51b2ca34ca4e83ef421"),
    wheel("nvjitlink", "12.2.140", 20, "95635cafbf9f96c38bea5200ab145a2e6aefbb5405e0b04c1e4ba54df2d84ec9"),
  ],
  unpacked: 3010,
};

/** The platform tags of the wheels pinned above, newest first. */
export const WHEEL_PLATFORMS = ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"];

/** The Python that the wheels name; it need not be the machine's. */
export const WHEEL_PYTHON = "3.11";

function wheel(name: string, version: string, megabytes: number, sha256: string): Wheel {
  return { name: `nvidia-${name}-cu12`, version, sha256, megabytes };
}
