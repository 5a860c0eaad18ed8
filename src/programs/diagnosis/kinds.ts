/** The kind of an operation, as far as a mechanism asks, whatever framework it is of. */
export type Kind =
  | "exp"
  | "log"
  | "divide"
  | "divideAdd"
  | "reciprocal"
  | "sqrt"
  | "rsqrt"
  | "norm"
  | "power"
  | "arc"
  | "rootGradient"
  | "square"
  | "product"
  | "sum"
  | "mean"
  | "add"
  | "subtract"
  | "softmax"
  | "normalise"
  | "recurrent"
  | "cast"
  | "update"
  | "select"
  | "gate"
  | "compare"
  | "move"
  | "constant"
  | "other";

/**
 * Names of operations, without case, underscores and versions: `RealDiv`, `aten.true_divide` and `div` are `realdiv`,
 * `truedivide` and `div`. A name that means something else in one framework has that framework's prefix.
 */
const NAMES: Record<Exclude<Kind, "other">, string> = {
  exp: "exp exp2 expm1 sinh cosh specialexpm1 sinhgrad coshgrad",
  log: "log log1p log2 log10 xlogy xlog1py speciallog1p logit",
  divide:
    "realdiv div truedivide divide divnonan floordiv floordivide floormod mod remainder rem fmod divscalar",
  divideAdd: "addcdiv",
  reciprocal: "reciprocal inv reciprocalgrad invgrad",
  sqrt: "sqrt cbrt",
  rsqrt: "rsqrt",
  norm: `linalgvectornorm vectornorm norm linalgnorm l2loss euclideannorm cdist cdistforward pairwisedistance std
    hypot frobeniusnorm`,
  power: "pow integerpow power",
  arc: "acos asin arccos arcsin acosh atanh arccosh arctanh",
  rootGradient: "sqrtgrad rsqrtgrad acosgrad asingrad normbackward cdistbackward acoshgrad",
  square: "square squareddifference mseloss squareofdifference smoothl1loss",
  product: `multiply mul muln matmul mm bmm addmm addbmm baddbmm addmv mv dot vdot ger outer addr linear
    batchmatmul batchmatmulv2 batchmatmulv3 fusedmatmul dotgeneral einsum tensordot conv1d conv2d conv3d convolution
    convgeneraldilated conv2dbackpropinput conv2dbackpropfilter conv3dbackpropinputv2 conv3dbackpropfilterv2
    depthwiseconv2dnative depthwiseconv2dnativebackpropinput depthwiseconv2dnativebackpropfilter fusedconv2d
    fuseddepthwiseconv2d convolutionbackward mkldnnconvolution mkldnnlinear addcmul prod reduceprod cumprod lerp
    sparsetensordensematmul bilinear trilinear multinomialproduct scaleddotproductflashattention biasaddmatmul`,
  sum: "sum reducesum cumsum cumlogsumexp addn segmentsum unsortedsegmentsum sumtosize psum reducewindowsum",
  mean: `mean reducemean avgpool avgpool2d var varmean avgpoolgrad adaptiveavgpool2d nllloss nlllossforward nllloss2d
    nllloss2dforward`,
  add: "add addv2 addany biasadd indexadd scatteradd indexput embeddingdensebackward addrelu biasaddgrad tensorscatteradd",
  subtract: "sub subtract rsub",
  softmax: `softmax logsoftmax safesoftmax logsumexp sparsesoftmaxcrossentropywithlogits
    softmaxcrossentropywithlogits scaleddotproductattention scaleddotproductflashattentionforcpu
    scaleddotproductefficientattention scaleddotproductattentionmath fusedsoftmax maskedsoftmax`,
  normalise: `fusedbatchnorm fusedbatchnormv2 fusedbatchnormv3 nativelayernorm nativebatchnorm nativegroupnorm
    layernorm batchnorm fusedbatchnormgradv3 nativelayernormbackward nativebatchnormbackward instancenorm
    nativebatchnormlegit cudnnbatchnorm fusedrmsnorm rmsnorm`,
  recurrent: `lstm gru rnntanh rnnrelu mkldnnrnnlayer mkldnnrnnlayerbackward cudnnrnn cudnnrnnbackward cudnnrnnv2
    cudnnrnnv3 cudnnrnnbackprop cudnnrnnbackpropv2 cudnnrnnbackpropv3 lstmmps lstmmpsbackward quantizedlstm scan while
    statelesswhile statefulwhile blocklstm blocklstmv2 blocklstmgrad blocklstmgradv2 thnnfusedlstmcell thnnfusedgrucell
    rnn lstmcell grucell rnntanhcell rnnrelucell grublockcell lstmblockcell`,
  cast: "cast convertelementtype tocopy to totype reduceprecision toopaque",
  update: `applyadam resourceapplyadam applygradientdescent resourceapplygradientdescent applymomentum
    resourceapplymomentum applykerasmomentum resourceapplykerasmomentum applyrmsprop resourceapplyrmsprop
    applycenteredrmsprop resourceapplycenteredrmsprop applyadagrad resourceapplyadagrad applyadagradv2
    resourceapplyadagradv2 applyadadelta resourceapplyadadelta applyftrl resourceapplyftrl applyadamax
    resourceapplyadamax applyadamwithamsgrad resourceapplyadamwithamsgrad sparseapplyadagrad
    resourcesparseapplyadagrad resourcesparseapplyadagradv2 resourcesparseapplymomentum fusedadam fusedadamw fusedsgd
    fusedadagrad assignaddvariableop assignsubvariableop assignadd assignsub scattersub scatterupdate
    resourcescatteradd resourcescattersub`,
  select:
    "select selectv2 where whereself selectn maskedfill maskedscatter maskedselect dropout nativedropout",
  gate: `maximum minimum max min reducemax reducemin amax amin clipbyvalue clamp clampmin clampmax clip relu relu6
    relun leakyrelu hardtanh threshold thresholdbackward relugrad relu6grad hardtanhbackward prelu maxpool
    maxpool2dwithindices fmax fmin step sign cummax nantonum nonfinitecheckandunscale`,
  compare: `greater greaterequal less lessequal equal notequal gt ge lt le eq ne logicaland logicalor logicalnot
    logicalxor and or not isnan isinf isfinite bitwiseand bitwiseor bitwisenot any all reduceand reduceor argmax argmin`,
  move: `identity identityn reshape view unsafeview reshapealias transpose permute t squeeze unsqueeze expanddims
    expand expandas concat concatv2 concatenate cat stack pack unpack unstack unbind split splitv splitwithsizes slice
    stridedslice dynamicslice dynamicupdateslice gather gatherv2 gathernd indexselect index aten.select aten.max aten.min
    narrow detach clone copy contiguous alias lift liftfresh stopgradient broadcastindim broadcastto broadcast tile
    repeat reverse rev flip reversev2 reversesequence pad padv2 mirrorpad constantpadnd roll embedding take takealongaxis
    resourcegather readvariableop copytodevice asstrided diagonal diag diagpart tril triu sort topk topkv2 scatter
    scatternd tensorscatterupdate selectbackward slicebackward unfold unfoldbackward spacetobatchnd batchtospacend
    neg abs copytohost deviceput pjit customjvpcall customvjpcall remat checkpoint assignvariableop assign
    movedim swapaxes ravel flatten matrixtranspose conj real imag invertpermutation optimizationbarrier ensureshape
    preventgradient snapshot placeholder variablev2 switch merge enter exit nextiteration loopcond tensorlistgetitem
    tensorlistsetitem tensorlistpushback tensorlistpopback tensorliststack tensorlistfromtensor tensorarrayreadv3
    tensorarraywritev3 tensorarraygatherv3 tensorarrayscatterv3 stackpopv2 stackpushv2 splittuple`,
  constant: `fill full fulllike newfull zeros zeroslike oneslike ones newzeros newones emptylike empty newempty iota
    arange range linspace const constant randn rand randomnormal randomuniform randomstandardnormal bernoulli
    truncatednormal multinomial eye scalartensor onehot fillscalar zero normal uniform randombits randomwrap`,
};

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) => names.split(/\s+/).map((name) => [name, kind as Kind])),
);

/** The kind of an operation by the name that its framework gives it; `other` where the table does not know it. */
export function kindOf(operation: string): Kind {
  const [, prefix = "", rest = ""] =
    /^(?:(aten|prims|torch|prim)\.)?(.*)$/s.exec(operation.slice(0, 80)) ?? [];
  const name = plain(rest.split(".")[0] ?? "");
  return (
    KINDS.get(`${prefix}.${name}`) ?? KINDS.get(name) ?? KINDS.get(name.replace(/^foreach/, "")) ?? "other"
  );
}

/** True of an operation that only passes numbers on, or writes them down: what is not finite in its output it has not computed. */
export function passesOn(kind: Kind): boolean {
  return ["move", "constant", "select", "gate", "compare"].includes(kind);
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
