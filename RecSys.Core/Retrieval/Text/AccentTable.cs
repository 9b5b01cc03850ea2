namespace RecSys.Core.Retrieval.Text;

/// <summary>
/// Characters with marks and what is left of them without: canonical decomposition (NFD) of Unicode 14 less the non-spacing marks (Mn), for
/// the basic plane without Hangul, which follows a rule, and without the compatibility ideographs.
/// </summary>
internal static class AccentTable
{
    /// <summary>Groups between blanks: the bare character, then everything that becomes it.</summary>
    public const string Groups =
        ";\u037E <\u226E =\u2260 >\u226F AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶ\u212B BḂḄḆ CÇĆĈĊČḈ DĎḊḌḎḐḒ EÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ " +
        "FḞ GĜĞĠĢǦǴḠ HĤȞḢḤḦḨḪ IÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ JĴ KĶǨḰḲḴ\u212A LĹĻĽḶḸḺḼ MḾṀṂ NÑŃŅŇǸṄṆṈṊ OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ " +
        "PṔṖ RŔŖŘȐȒṘṚṜṞ SŚŜŞŠȘṠṢṤṦṨ TŢŤȚṪṬṮṰ UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ VṼṾ WŴẀẂẄẆẈ XẊẌ YÝŶŸȲẎỲỴỶỸ ZŹŻŽẐẒẔ `\u1FEF " +
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ iìíîïĩīĭįǐȉȋḭḯỉị " +
        "jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩ tţťțṫṭṯṱẗ " +
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ \u00A8\u0385\u1FC1\u1FED\u1FEE \u00B4\u1FFD " +
        "\u00B7\u0387 ÆǢǼ ØǾ æǣǽ øǿ ſẛ ƷǮ \u0292ǯ \u02B9ʹ ΑΆἈἉἊἋἌἍἎἏᾈᾉᾊᾋᾌᾍᾎᾏᾸᾹᾺΆᾼ ΕΈἘἙἚἛἜἝῈΈ ΗΉἨἩἪἫἬἭἮἯᾘᾙᾚᾛᾜᾝᾞᾟῊΉῌ " +
        "ΙΊΪἸἹἺἻἼἽἾἿῘῙῚΊ ΟΌὈὉὊὋὌὍῸΌ ΡῬ ΥΎΫὙὛὝὟῨῩῪΎ ΩΏὨὩὪὫὬὭὮὯᾨᾩᾪᾫᾬᾭᾮᾯῺΏῼ\u2126 αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ εέἐἑἒἓἔἕὲέ " +
        "ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ οόὀὁὂὃὄὅὸό ρῤῥ υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ ϒϓϔ ІЇ " +
        "АӐӒ ГЃ ЕЀЁӖ ЖӁӜ ЗӞ ИЍЙӢӤ КЌ ОӦ УЎӮӰӲ ЧӴ ЫӸ ЭӬ аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ ыӹ эӭ ії ѴѶ ѵѷ ӘӚ әӛ ӨӪ өӫ " +
        "\u05D0\uFB2E\uFB2F\uFB30 \u05D1\uFB31\uFB4C \u05D2\uFB32 \u05D3\uFB33 \u05D4\uFB34 \u05D5\uFB35\uFB4B \u05D6\uFB36 " +
        "\u05D8\uFB38 \u05D9\uFB1D\uFB39 \u05DA\uFB3A \u05DB\uFB3B\uFB4D \u05DC\uFB3C \u05DE\uFB3E \u05E0\uFB40 \u05E1\uFB41 " +
        "\u05E3\uFB43 \u05E4\uFB44\uFB4E \u05E6\uFB46 \u05E7\uFB47 \u05E8\uFB48 \u05E9\uFB2A\uFB2B\uFB2C\uFB2D\uFB49 " +
        "\u05EA\uFB4A \u05F2\uFB1F \u0627\u0622\u0623\u0625 \u0648\u0624 \u064A\u0626 \u06C1\u06C2 \u06D2\u06D3 \u06D5\u06C0 " +
        "\u0915\u0958 \u0916\u0959 \u0917\u095A \u091C\u095B \u0921\u095C \u0922\u095D \u0928\u0929 \u092B\u095E \u092F\u095F " +
        "\u0930\u0931 \u0933\u0934 \u09A1\u09DC \u09A2\u09DD \u09AF\u09DF \u0A16\u0A59 \u0A17\u0A5A \u0A1C\u0A5B \u0A2B\u0A5E " +
        "\u0A32\u0A33 \u0A38\u0A36 \u0B21\u0B5C \u0B22\u0B5D \u0B47\u0B48 \u0CC2\u0CCA \u0CD5\u0CC0\u0CC7 \u0CD6\u0CC8 " +
        "\u0DD9\u0DDA \u0F40\u0F69 \u0F42\u0F43 \u0F4C\u0F4D \u0F51\u0F52 \u0F56\u0F57 \u0F5B\u0F5C \u1025\u1026 " +
        "\u1B35\u1B3B\u1B3D\u1B43 \u1FBF\u1FCD\u1FCE\u1FCF \u1FFE\u1FDD\u1FDE\u1FDF \u2002\u2000 \u2003\u2001 \u2190\u219A " +
        "\u2192\u219B \u2194\u21AE \u21D0\u21CD \u21D2\u21CF \u21D4\u21CE \u2203\u2204 \u2208\u2209 \u220B\u220C \u2223\u2224 " +
        "\u2225\u2226 \u223C\u2241 \u2243\u2244 \u2245\u2247 \u2248\u2249 \u224D\u226D \u2261\u2262 \u2264\u2270 \u2265\u2271 " +
        "\u2272\u2274 \u2273\u2275 \u2276\u2278 \u2277\u2279 \u227A\u2280 \u227B\u2281 \u227C\u22E0 \u227D\u22E1 \u2282\u2284 " +
        "\u2283\u2285 \u2286\u2288 \u2287\u2289 \u2291\u22E2 \u2292\u22E3 \u22A2\u22AC \u22A8\u22AD \u22A9\u22AE \u22AB\u22AF " +
        "\u22B2\u22EA \u22B3\u22EB \u22B4\u22EC \u22B5\u22ED \u2ADD\u2ADC \u3008\u2329 \u3009\u232A \u3046\u3094 \u304B\u304C " +
        "\u304D\u304E \u304F\u3050 \u3051\u3052 \u3053\u3054 \u3055\u3056 \u3057\u3058 \u3059\u305A \u305B\u305C \u305D\u305E " +
        "\u305F\u3060 \u3061\u3062 \u3064\u3065 \u3066\u3067 \u3068\u3069 \u306F\u3070\u3071 \u3072\u3073\u3074 " +
        "\u3075\u3076\u3077 \u3078\u3079\u307A \u307B\u307C\u307D \u309D\u309E \u30A6\u30F4 \u30AB\u30AC \u30AD\u30AE " +
        "\u30AF\u30B0 \u30B1\u30B2 \u30B3\u30B4 \u30B5\u30B6 \u30B7\u30B8 \u30B9\u30BA \u30BB\u30BC \u30BD\u30BE \u30BF\u30C0 " +
        "\u30C1\u30C2 \u30C4\u30C5 \u30C6\u30C7 \u30C8\u30C9 \u30CF\u30D0\u30D1 \u30D2\u30D3\u30D4 \u30D5\u30D6\u30D7 " +
        "\u30D8\u30D9\u30DA \u30DB\u30DC\u30DD \u30EF\u30F7 \u30F0\u30F8 \u30F1\u30F9 \u30F2\u30FA \u30FD\u30FE";

    /// <summary>Groups between blanks: a character, then the several that it becomes.</summary>
    public const string Expansions =
        "\u09CB\u09C7\u09BE \u09CC\u09C7\u09D7 \u0B4B\u0B47\u0B3E \u0B4C\u0B47\u0B57 \u0B94\u0B92\u0BD7 \u0BCA\u0BC6\u0BBE " +
        "\u0BCB\u0BC7\u0BBE \u0BCC\u0BC6\u0BD7 \u0CCB\u0CC2\u0CD5 \u0D4A\u0D46\u0D3E \u0D4B\u0D47\u0D3E \u0D4C\u0D46\u0D57 " +
        "\u0DDC\u0DD9\u0DCF \u0DDD\u0DD9\u0DCF \u0DDE\u0DD9\u0DDF \u1B06\u1B05\u1B35 \u1B08\u1B07\u1B35 \u1B0A\u1B09\u1B35 " +
        "\u1B0C\u1B0B\u1B35 \u1B0E\u1B0D\u1B35 \u1B12\u1B11\u1B35 \u1B40\u1B3E\u1B35 \u1B41\u1B3F\u1B35";
}
