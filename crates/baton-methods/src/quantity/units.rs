//! Units of measure: what is counted, how they convert exactly, and how people write them.

use crate::words::Lang;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What a unit measures. Only units of the same dimension convert into each other.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Money in renminbi.
    Money,
    /// Money in US dollars; no exchange rate is ever guessed.
    Dollars,
    /// Area.
    Area,
    /// Length.
    Length,
    /// Volume.
    Volume,
    /// Volume per year.
    VolumePerYear,
    /// Mass.
    Mass,
    /// Mass per year (pollutant totals).
    MassPerYear,
    /// Mass per hour (steam).
    MassPerHour,
    /// Energy as standard coal.
    StandardCoal,
    /// Electric energy.
    Electricity,
    /// Power.
    Power,
    /// Apparent power of transformers.
    ApparentPower,
    /// A share of a whole.
    Share,
    /// A difference of two shares.
    SharePoints,
    /// How many times.
    Fold,
    /// Persons.
    Persons,
    /// Visits, uses: persons counted each time.
    PersonTimes,
    /// Households.
    Households,
    /// Dwellings.
    Dwellings,
    /// Things counted with one of the general counting words 个, 件, 家, 项 …
    Count,
    /// Natural days.
    Days,
    /// Working days.
    WorkingDays,
    /// Hours and minutes.
    Hours,
    /// Months and years.
    Months,
    /// Points of a score.
    Score,
    /// A place in an order.
    Rank,
    /// Concentration in air.
    Concentration,
    /// Money per area.
    MoneyPerArea,
}

/// One row of the table of units.
struct Row {
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    dimension: Dimension,
    /// In the smallest common terms of the dimension: this unit = numerator / denominator base units.
    numerator: i64,
    denominator: i64,
    root: Unit,
    spellings: &'static [&'static str],
}

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident $key:literal $zh:literal $en:literal $dimension:ident $num:literal / $den:literal $root:ident [$($spelling:literal)*];)*) => {
        /// A unit of measure.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unit { $($(#[$doc])* $name,)* }

        impl Unit {
            /// Every unit.
            pub const ALL: &'static [Unit] = &[$(Unit::$name,)*];
        }

        const ROWS: &[Row] = &[$(Row {
            key: $key, zh: $zh, en: $en, dimension: Dimension::$dimension,
            numerator: $num, denominator: $den, root: Unit::$root, spellings: &[$($spelling,)*],
        },)*];
    };
}

units! {
    /// 元, the base of money.
    Yuan "yuan" "元" "yuan" Money 1/1 Yuan ["人民币" "元人民币" "rmb" "cny" "块"];
    /// 万元 = 10⁴ yuan.
    WanYuan "wan_yuan" "万元" "10k yuan" Money 10000/1 Yuan ["万元人民币" "万人民币"];
    /// 亿元 = 10⁸ yuan.
    YiYuan "yi_yuan" "亿元" "100m yuan" Money 100000000/1 Yuan ["亿元人民币" "亿人民币"];
    /// US dollars.
    Usd "usd" "美元" "US$" Dollars 1/1 Usd ["美金"];
    /// 万美元 = 10⁴ US dollars.
    WanUsd "wan_usd" "万美元" "10k US$" Dollars 10000/1 Usd ["万美金" "万usd"];
    /// 亿美元 = 10⁸ US dollars.
    YiUsd "yi_usd" "亿美元" "100m US$" Dollars 100000000/1 Usd ["亿美金" "亿usd"];
    /// Square metres, the base of area.
    SquareMetre "square_metre" "平方米" "m²" Area 1/1 SquareMetre ["m2" "㎡" "平米" "平方" "平"];
    /// 万平方米.
    WanSquareMetre "wan_square_metre" "万平方米" "10k m²" Area 10000/1 SquareMetre ["万m2" "万㎡" "万m²" "万平米" "万平方" "万平"];
    /// 亩 = 2000/3 m².
    Mu "mu" "亩" "mu" Area 2000/3 Mu [];
    /// 万亩.
    WanMu "wan_mu" "万亩" "10k mu" Area 20000000/3 Mu [];
    /// Hectares = 15 mu.
    Hectare "hectare" "公顷" "ha" Area 10000/1 Hectare ["hm2" "hm²"];
    /// Square kilometres.
    SquareKilometre "square_kilometre" "平方公里" "km²" Area 1000000/1 SquareKilometre ["km2" "平方千米" "㎢"];
    /// Metres.
    Metre "metre" "米" "m" Length 1/1 Metre [];
    /// Kilometres.
    Kilometre "kilometre" "公里" "km" Length 1000/1 Kilometre ["千米" "㎞"];
    /// Cubic metres.
    CubicMetre "cubic_metre" "立方米" "m³" Volume 1/1 CubicMetre ["m3" "㎥" "方" "立方"];
    /// 万m³.
    WanCubicMetre "wan_cubic_metre" "万立方米" "10k m³" Volume 10000/1 CubicMetre ["万m3" "万m³" "万㎥" "万方" "万立方"];
    /// 万m³ per year.
    WanCubicMetrePerYear "wan_cubic_metre_per_year" "万立方米/年" "10k m³/year" VolumePerYear 1/1 WanCubicMetrePerYear ["万m3/年" "万m³/年" "万m³/a" "万m3/a" "万方/年"];
    /// Kilograms.
    Kilogram "kilogram" "千克" "kg" Mass 1/1000 Kilogram ["公斤" "㎏"];
    /// Tonnes.
    Tonne "tonne" "吨" "t" Mass 1/1 Tonne [];
    /// 万吨.
    WanTonne "wan_tonne" "万吨" "10k t" Mass 10000/1 Tonne ["万t"];
    /// Tonnes per year.
    TonnePerYear "tonne_per_year" "吨/年" "t/year" MassPerYear 1/1 TonnePerYear ["t/a" "t/年" "吨每年"];
    /// Tonnes per hour.
    TonnePerHour "tonne_per_hour" "吨/小时" "t/h" MassPerHour 1/1 TonnePerHour ["吨/时" "蒸吨"];
    /// Tonnes of standard coal.
    Tce "tce" "吨标准煤" "tce" StandardCoal 1/1 Tce ["吨标煤"];
    /// 万吨标准煤.
    WanTce "wan_tce" "万吨标准煤" "10k tce" StandardCoal 10000/1 Tce ["万吨标煤" "万tce"];
    /// Kilowatt-hours.
    Kwh "kwh" "千瓦时" "kWh" Electricity 1/1 Kwh ["度" "度电"];
    /// 万kWh.
    WanKwh "wan_kwh" "万千瓦时" "10k kWh" Electricity 10000/1 Kwh ["万kwh" "万度"];
    /// 亿kWh.
    YiKwh "yi_kwh" "亿千瓦时" "100m kWh" Electricity 100000000/1 Kwh ["亿kwh" "亿度"];
    /// Kilowatts.
    Kilowatt "kilowatt" "千瓦" "kW" Power 1/1 Kilowatt [];
    /// Megawatts.
    Megawatt "megawatt" "兆瓦" "MW" Power 1000/1 Megawatt [];
    /// Kilovolt-amperes.
    Kva "kva" "千伏安" "kVA" ApparentPower 1/1 Kva [];
    /// 万kVA.
    WanKva "wan_kva" "万千伏安" "10k kVA" ApparentPower 10000/1 Kva ["万kva"];
    /// Percent.
    Percent "percent" "%" "%" Share 1/100 Percent ["％" "pct"];
    /// Per mille.
    Permille "permille" "‰" "‰" Share 1/1000 Permille [];
    /// A plain ratio, 1 = 100 %.
    Ratio "ratio" "比值" "ratio" Share 1/1 Ratio [];
    /// Percentage points: what a difference of two percentages is in.
    Points "points" "百分点" "pp" SharePoints 1/1 Points ["个百分点" "%点" "ppt"];
    /// How many times.
    Fold "fold" "倍" "times as much" Fold 1/1 Fold [];
    /// Persons.
    Person "person" "人" "persons" Persons 1/1 Person ["名"];
    /// 万人.
    WanPerson "wan_person" "万人" "10k persons" Persons 10000/1 Person ["万名"];
    /// 人次.
    PersonTime "person_time" "人次" "visits" PersonTimes 1/1 PersonTime [];
    /// 万人次.
    WanPersonTime "wan_person_time" "万人次" "10k visits" PersonTimes 10000/1 PersonTime [];
    /// Households.
    Household "household" "户" "households" Households 1/1 Household [];
    /// 万户.
    WanHousehold "wan_household" "万户" "10k households" Households 10000/1 Household [];
    /// Dwellings.
    Dwelling "dwelling" "套" "dwellings" Dwellings 1/1 Dwelling [];
    /// 万套.
    WanDwelling "wan_dwelling" "万套" "10k dwellings" Dwellings 10000/1 Dwelling [];
    /// The plain count 个.
    Count "count" "个" "" Count 1/1 Count ["只" "支" "株" "棵" "宗" "座" "所" "栋" "幢" "批" "组" "口"];
    /// 件: cases, petitions, papers.
    Piece "piece" "件" "cases" Count 1/1 Piece ["起" "案"];
    /// 家: enterprises.
    Firm "firm" "家" "enterprises" Count 1/1 Firm ["企"];
    /// 项: projects, entries of a list.
    Entry "entry" "项" "entries" Count 1/1 Entry ["条"];
    /// 次: times.
    Times "times" "次" "times" Count 1/1 Times ["场" "场次" "期" "轮"];
    /// 处: places, hazards.
    Place "place" "处" "places" Count 1/1 Place [];
    /// 份: copies.
    Copy "copy" "份" "copies" Count 1/1 Copy ["张" "本"];
    /// 台: machines.
    Machine "machine" "台" "machines" Count 1/1 Machine ["辆" "台套" "台(套)"];
    /// Natural days.
    Day "day" "天" "days" Days 1/1 Day ["日" "自然日" "日历天" "day"];
    /// Working days.
    WorkingDay "working_day" "工作日" "working days" WorkingDays 1/1 WorkingDay ["个工作日"];
    /// Hours.
    Hour "hour" "小时" "h" Hours 1/1 Hour ["个小时" "时" "hours"];
    /// Minutes.
    Minute "minute" "分钟" "min" Hours 1/60 Minute ["minutes"];
    /// Months.
    Month "month" "个月" "months" Months 1/1 Month ["月"];
    /// Years.
    Year "year" "年" "years" Months 12/1 Year [];
    /// Points of a score.
    Score "score" "分" "points" Score 1/1 Score [];
    /// A place in an order.
    Rank "rank" "位" "place" Rank 1/1 Rank ["名次" "位次"];
    /// µg/m³.
    MicrogramPerCubicMetre "microgram_per_cubic_metre" "微克/立方米" "µg/m³" Concentration 1/1000 MicrogramPerCubicMetre ["ug/m3" "μg/m3" "μg/m³" "µg/m3" "ug/m³" "微克每立方米"];
    /// mg/m³.
    MilligramPerCubicMetre "milligram_per_cubic_metre" "毫克/立方米" "mg/m³" Concentration 1/1 MilligramPerCubicMetre ["mg/m3" "毫克每立方米"];
    /// 元/平方米.
    YuanPerSquareMetre "yuan_per_square_metre" "元/平方米" "yuan/m²" MoneyPerArea 1/1 YuanPerSquareMetre ["元/㎡" "元/m2" "元/m²" "元/平"];
    /// 万元/亩 = 15 yuan per m².
    WanYuanPerMu "wan_yuan_per_mu" "万元/亩" "10k yuan/mu" MoneyPerArea 15/1 WanYuanPerMu [];
}

impl Unit {
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Stable key, such as `wan_yuan`.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// The unit with this key.
    pub fn from_key(key: &str) -> Option<Unit> {
        Unit::ALL.iter().copied().find(|unit| unit.key() == key)
    }

    /// The unit people mean by this text: its key, a label or another known spelling; capitals do not matter.
    pub fn find(text: &str) -> Option<Unit> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        if text.is_empty() {
            return None;
        }
        Unit::ALL.iter().copied().find(|unit| {
            let row = unit.row();
            row.key == text || row.zh == text || row.en.to_lowercase() == text || row.spellings.contains(&text.as_str())
        })
    }

    /// What it is called in a column title: 万元, 亩, %. The plain count has no English word.
    pub fn label(self, lang: Lang) -> &'static str {
        lang.pick(self.row().zh, self.row().en)
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        self.row().dimension
    }

    /// The unit that 万 and 亿 multiply when they stand alone in a column of this unit: 元 for 万元, 亩 for 亩.
    pub fn root(self) -> Unit {
        self.row().root
    }

    /// Does it make sense to write 万 before it? Not for shares, scores, ranks, clocks.
    pub(crate) fn takes_multiplier(self) -> bool {
        !matches!(
            self.dimension(),
            Dimension::Share
                | Dimension::SharePoints
                | Dimension::Fold
                | Dimension::Days
                | Dimension::WorkingDays
                | Dimension::Hours
                | Dimension::Months
                | Dimension::Score
                | Dimension::Rank
                | Dimension::Concentration
        )
    }

    /// One of this unit in `to`, as an exact fraction (numerator, denominator). Errors: `UnitMismatch`.
    pub fn factor_to(self, to: Unit) -> Result<(i64, i64), UnitMismatch> {
        if self.dimension() != to.dimension() {
            return Err(UnitMismatch { from: self, to });
        }
        let (a, b) = (self.row(), to.row());
        // The table keeps each product far below 2^63: at most 10^8 · 3.
        let (numerator, denominator) = (a.numerator * b.denominator, a.denominator * b.numerator);
        let common = greatest_common_divisor(numerator, denominator);
        Ok((numerator / common, denominator / common))
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unit, D::Error> {
        let text = String::deserialize(deserializer)?;
        Unit::find(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("没有计量单位“{text}” / there is no unit of measure “{text}”"))
        })
    }
}

/// Two units that measure different things.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UnitMismatch {
    /// The unit the value has.
    pub from: Unit,
    /// The unit asked for.
    pub to: Unit,
}

impl UnitMismatch {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        "unit.mismatch"
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        let (from, to) = (self.from.label(lang), self.to.label(lang));
        lang.pick(format!("{from}不能换算成{to}"), format!("{from} cannot be turned into {to}"))
    }
}

impl fmt::Display for UnitMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.message(Lang::Zh), self.message(Lang::En))
    }
}

impl std::error::Error for UnitMismatch {}

/// The value in another unit of the same dimension: 15 mu = 10 000 m², exactly.
///
/// The result is exact where a decimal can be (1 mu is 666.666… m²: 28 digits). Errors: `UnitMismatch`.
/// A value too large for a decimal stays unconverted as `UnitMismatch` only if the factor itself overflows; figures
/// within [`super::to_scaled`] never do.
pub fn convert(value: Decimal, from: Unit, to: Unit) -> Result<Decimal, UnitMismatch> {
    let (numerator, denominator) = from.factor_to(to)?;
    scale(value, numerator, denominator).ok_or(UnitMismatch { from, to })
}

/// value · numerator / denominator, none when it overflows.
pub(super) fn scale(value: Decimal, numerator: i64, denominator: i64) -> Option<Decimal> {
    let product = value.checked_mul(Decimal::from(numerator))?;
    Some(product.checked_div(Decimal::from(denominator))?.normalize())
}
