// The notes at the foot: definitions, disclosure control, the notice.

const percentOf = (perMille) => `${perMille / 10}%`;

const NOTES = {
  zh: (control) => [
    [
      "统计口径",
      [
        "人次：一次报名填写了结业日期即为一人次，计入结业月份、报名所在市。",
        "人数：同一单元格内按人去重，各市、各月相加不等于合计。",
        "发放：状态为已发放的申领，计入发放月份、申领所在市；退回金额单列，不冲减发放金额。",
        "本年累计：当年 1 月至本月。同比：与上年同月比；环比：与上月比。基数为零或缺失时显示“—”。",
        "课时：每课时 45 分钟。线上课时占比：线上课时 ÷（线上课时＋线下课时）。",
        "统计截至日所在的月份可能不完整。比率显示到 0.1 个百分点，金额在表中以元、在图中以万元列示；精确值以下载文件为准。",
      ],
    ],
    [
      "隐去规则",
      control
        ? [
            `涉及 ${control.fewest_persons - 1} 人及以下（不含零）的人数单元格隐去，显示“*”。`,
            `受款人少于 ${control.fewest_persons} 人，或一名受款人占比达到 ${percentOf(control.largest_payee_per_mille)} 的金额单元格同样隐去。`,
            "为防止由合计、累计或其他表推算，另隐去必要的相关单元格。",
            "图中隐去的数值不绘出；合计不含隐去部分时均予注明。",
          ]
        : ["本版供内部使用，单元格未作隐去处理，不得对外提供。"],
    ],
    [
      "政策依据",
      [
        "《关于进一步推进“互联网+职业技能培训计划”的通知》（鲁人社字〔2020〕72号）。",
        "二（三）：原则上技能培训线上培训课时不超过总课时的40%，线上培训每课时为45分钟。",
        "三（一）：线上平台的培训补贴原则上按照不高于当地该培训项目职业培训补贴标准的20%执行。",
        "三（三）：定期采集培训数据，分析线上培训状况，监管线上培训过程。",
        "四：加强对线上培训的调度统计，建立劳动者职业培训电子档案。",
      ],
    ],
    ["符号", ["“—”无数据或不适用；“*”隐去；“0”确为零。"]],
  ],
  en: (control) => [
    [
      "Definitions",
      [
        "Completion: an enrolment with a completion date; it counts in that month and in the enrolment's city.",
        "Persons: counted once within a cell, so they do not add up over cities or months.",
        "Paid: claims with status paid, in the month of payment and the claim's city. Refunds stand in a column of their own and are never netted.",
        "Year to date: January to the month. On year: against the same month a year earlier; on month: against the month before. With a base of zero, or none, “—” is shown.",
        "An hour of training is 45 minutes. Online share: online hours / (online + offline hours).",
        "The month of the as-of day may be incomplete. Ratios are shown to a tenth of a percent, money in yuan in tables and in 10,000 yuan in charts; the files to download are exact.",
      ],
    ],
    [
      "Disclosure control",
      control
        ? [
            `Counts of 1 to ${control.fewest_persons - 1} persons are suppressed and shown as “*”.`,
            `So are sums of money with fewer than ${control.fewest_persons} payees, or with one payee who holds ${percentOf(control.largest_payee_per_mille)} or more.`,
            "Further cells are suppressed where a hidden one could be worked out from totals, years to date or another table.",
            "Charts leave suppressed values out; a sum that leaves some out says so.",
          ]
        : ["This edition is for internal use: no cell is suppressed, and it must not be passed on."],
    ],
    [
      "Basis",
      [
        "Notice on further promoting the “Internet + vocational skills training plan” (鲁人社字〔2020〕72号), of the Shandong departments of Human Resources and Social Security and of Finance.",
        "2(3): online hours are in principle no more than 40% of a training's hours; an online hour is 45 minutes.",
        "3(1): the subsidy of an online platform is in principle no more than 20% of the local standard of the training.",
        "3(3): training data are collected and analysed regularly, and online training is supervised.",
        "4: online training is counted regularly, and each worker has an electronic training archive.",
      ],
    ],
    ["Symbols", ["“—” no data or not applicable; “*” suppressed; “0” zero."]],
  ],
};
