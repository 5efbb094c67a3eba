// Made by calibration/grids.py from published tables; do not edit.

extension Grid {
  /// A grid on each line: kind, codes with the shortest first, name, grams of CO2e for each kilowatt-hour, year.
  ///
  /// Areas and countries: Ember Yearly Electricity Data; lifecycle, production mix.
  /// Cloud regions: GoogleCloudPlatform/region-carbon-info 49f3f26; operational grid average (location-based).
  static let table = """
    area|World|World|472.94|2024
    area|ASEAN|ASEAN|573.65|2024
    area|Africa|Africa|545.09|2024
    area|Asia|Asia|572.12|2024
    area|EU|EU|213.02|2024
    area|Europe|Europe|285|2024
    area|G20|G20|468.38|2024
    area|G7|G7|343.3|2024
    area|Latin-America-and-Caribbean|Latin America and Caribbean|254.21|2024
    area|Middle-East|Middle East|637.24|2024
    area|North-America|North America|358.36|2024
    area|OECD|OECD|337.99|2024
    area|Oceania|Oceania|495.47|2024
    country|AE ARE|United Arab Emirates|467.51|2024
    country|AF AFG|Afghanistan|123.71|2023
    country|AG ATG|Antigua and Barbuda|611.11|2023
    country|AL ALB|Albania|24.42|2023
    country|AM ARM|Armenia|243.52|2024
    country|AO AGO|Angola|167.22|2023
    country|AR ARG|Argentina|344.83|2024
    country|AS ASM|American Samoa|647.06|2023
    country|AT AUT|Austria|102.62|2024
    country|AU AUS|Australia|553.76|2024
    country|AW ABW|Aruba|550|2022
    country|AZ AZE|Azerbaijan|632.89|2024
    country|BA BIH|Bosnia Herzegovina|638.05|2024
    country|BB BRB|Barbados|600|2023
    country|BD BGD|Bangladesh|694.63|2024
    country|BE BEL|Belgium|117.58|2024
    country|BF BFA|Burkina Faso|554.91|2023
    country|BG BGR|Bulgaria|264.21|2024
    country|BH BHR|Bahrain|902.41|2023
    country|BI BDI|Burundi|230.77|2023
    country|BJ BEN|Benin|590|2023
    country|BN BRN|Brunei Darussalam|892.67|2023
    country|BO BOL|Bolivia|468.02|2024
    country|BR BRA|Brazil|106.06|2024
    country|BS BHS|Bahamas|653.66|2022
    country|BT BTN|Bhutan|24.19|2023
    country|BW BWA|Botswana|849.42|2023
    country|BY BLR|Belarus|323.63|2024
    country|BZ BLZ|Belize|155.56|2023
    country|CA CAN|Canada|184.99|2024
    country|CD COD|Congo (DRC)|27.04|2023
    country|CF CAF|Central African Republic|0|2022
    country|CG COG|Congo|713.73|2023
    country|CH CHE|Switzerland|36.72|2024
    country|CI CIV|Cote d'Ivoire|393.53|2023
    country|CK COK|Cook Islands (the)|250|2022
    country|CL CHL|Chile|265.52|2024
    country|CM CMR|Cameroon|285.71|2023
    country|CN CHN|China|557.5|2024
    country|CO COL|Colombia|285.8|2024
    country|CR CRI|Costa Rica|63.01|2024
    country|CU CUB|Cuba|638.98|2023
    country|CV CPV|Cabo Verde|480|2022
    country|CY CYP|Cyprus|512.24|2024
    country|CZ CZE|Czechia|413.86|2024
    country|DE DEU|Germany|342.06|2024
    country|DJ DJI|Djibouti|450|2023
    country|DK DNK|Denmark|143.3|2024
    country|DM DMA|Dominica|600|2023
    country|DO DOM|Dominican Republic|565.97|2024
    country|DZ DZA|Algeria|633.65|2023
    country|EC ECU|Ecuador|209.7|2024
    country|EE EST|Estonia|341.02|2024
    country|EG EGY|Egypt|574.5|2024
    country|ER ERI|Eritrea|590.91|2023
    country|ES ESP|Spain|146.15|2024
    country|ET ETH|Ethiopia|23.55|2023
    country|FI FIN|Finland|72.25|2024
    country|FJ FJI|Fiji|278.26|2023
    country|FK FLK|Falkland Islands [Malvinas]|1000|2022
    country|FO FRO|Faroe Islands|354.17|2022
    country|FR FRA|France|44.18|2024
    country|GA GAB|Gabon|429.47|2023
    country|GB GBR|United Kingdom|215.79|2024
    country|GD GRD|Grenada|666.67|2022
    country|GE GEO|Georgia|143.06|2024
    country|GF GUF|French Guiana|204.08|2022
    country|GH GHA|Ghana|452.86|2023
    country|GL GRL|Greenland|111.11|2022
    country|GM GMB|Gambia|666.67|2023
    country|GN GIN|Guinea|182.72|2023
    country|GP GLP|Guadeloupe|493.9|2022
    country|GQ GNQ|Equatorial Guinea|605.1|2023
    country|GR GRC|Greece|319.76|2024
    country|GT GTM|Guatemala|272.66|2023
    country|GU GUM|Guam|611.11|2022
    country|GW GNB|Guinea-Bissau|625|2022
    country|GY GUY|Guyana|634.33|2023
    country|HK HKG|Hong Kong (SAR of China)|681.99|2023
    country|HN HND|Honduras|289.5|2023
    country|HR HRV|Croatia|174.48|2024
    country|HT HTI|Haiti|534.65|2022
    country|HU HUN|Hungary|182.82|2024
    country|ID IDN|Indonesia|682.43|2023
    country|IE IRL|Ireland|279.79|2024
    country|IL ISR|Israel|567.26|2023
    country|IN IND|India|708.96|2024
    country|IQ IRQ|Iraq|689.4|2023
    country|IR IRN|Iran|648.68|2024
    country|IS ISL|Iceland|28.33|2023
    country|IT ITA|Italy|287.75|2024
    country|JM JAM|Jamaica|561.25|2022
    country|JO JOR|Jordan|539.21|2022
    country|JP JPN|Japan|483.73|2024
    country|KE KEN|Kenya|84.83|2024
    country|KG KGZ|Kyrgyzstan|152.65|2024
    country|KH KHM|Cambodia|497.46|2024
    country|KI KIR|Kiribati|500|2022
    country|KM COM|Comoros|642.86|2023
    country|KN KNA|Saint Kitts and Nevis|636.36|2022
    country|KP PRK|North Korea|344.26|2022
    country|KR KOR|South Korea|415.65|2024
    country|KW KWT|Kuwait|637.24|2024
    country|KY CYM|Cayman Islands|642.86|2023
    country|KZ KAZ|Kazakhstan|801.79|2024
    country|LA LAO|Lao|232.12|2023
    country|LB LBN|Lebanon|369.47|2023
    country|LC LCA|Saint Lucia|650|2022
    country|LK LKA|Sri Lanka|509.78|2022
    country|LR LBR|Liberia|435.9|2023
    country|LS LSO|Lesotho|20.83|2022
    country|LT LTU|Lithuania|139.34|2024
    country|LU LUX|Luxembourg|134.62|2024
    country|LV LVA|Latvia|136.22|2024
    country|LY LBY|Libya|830.53|2023
    country|MA MAR|Morocco|577.65|2024
    country|MD MDA|Moldova|629.56|2024
    country|ME MNE|Montenegro|413.51|2024
    country|MG MDG|Madagascar|477.27|2022
    country|MK MKD|North Macedonia|568.97|2024
    country|ML MLI|Mali|394.5|2023
    country|MM MMR|Myanmar|569.69|2024
    country|MN MNG|Mongolia|784.01|2024
    country|MO MAC|Macao (SAR of China)|448.98|2022
    country|MQ MTQ|Martinique|516.78|2022
    country|MR MRT|Mauritania|481.71|2022
    country|MS MSR|Montserrat|1000|2022
    country|MT MLT|Malta|484.16|2024
    country|MU MUS|Mauritius|633.03|2023
    country|MV MDV|Maldives|611.77|2023
    country|MW MWI|Malawi|54.65|2022
    country|MX MEX|Mexico|483.14|2024
    country|MY MYS|Malaysia|604.43|2024
    country|MZ MOZ|Mozambique|127.81|2023
    country|NA NAM|Namibia|47.62|2023
    country|NC NCL|New Caledonia|585.76|2022
    country|NE NER|Niger|687.5|2023
    country|NG NGA|Nigeria|507.85|2024
    country|NI NIC|Nicaragua|288.33|2023
    country|NL NLD|Netherlands|252.7|2024
    country|NO NOR|Norway|30.75|2024
    country|NP NPL|Nepal|23.36|2022
    country|NR NRU|Nauru|750|2023
    country|NZ NZL|New Zealand|120.11|2024
    country|OM OMN|Oman|545.33|2024
    country|PA PAN|Panama|258.74|2023
    country|PE PER|Peru|263.27|2024
    country|PF PYF|French Polynesia|436.62|2022
    country|PG PNG|Papua New Guinea|513.74|2023
    country|PH PHL|The Philippines|613.38|2024
    country|PK PAK|Pakistan|398.61|2024
    country|PL POL|Poland|614.98|2024
    country|PM SPM|Saint Pierre and Miquelon|600|2022
    country|PR PRI|Puerto Rico|664.53|2024
    country|PS PSE|Palestine (State of)|460.78|2022
    country|PT PRT|Portugal|111.8|2024
    country|PY PRY|Paraguay|24.86|2023
    country|QA QAT|Qatar|602.83|2024
    country|RE REU|Reunion|525.22|2022
    country|RO ROU|Romania|245.55|2024
    country|RS SRB|Serbia|670.8|2024
    country|RU RUS|Russia|446.17|2024
    country|RW RWA|Rwanda|301.89|2023
    country|SA SAU|Saudi Arabia|691.95|2024
    country|SB SLB|Solomon Islands|636.36|2023
    country|SC SYC|Seychelles|571.43|2023
    country|SD SDN|Sudan|214.33|2023
    country|SE SWE|Sweden|35.89|2024
    country|SG SGP|Singapore|498.74|2024
    country|SI SVN|Slovenia|227.11|2024
    country|SK SVK|Slovakia|96.49|2024
    country|SL SLE|Sierra Leone|47.62|2023
    country|SN SEN|Senegal|535.4|2023
    country|SO SOM|Somalia|523.81|2023
    country|SR SUR|Suriname|383.18|2023
    country|SS SSD|South Sudan|610.17|2023
    country|ST STP|Sao Tome and Principe|555.56|2022
    country|SV SLV|El Salvador|99.29|2024
    country|SY SYR|Syria|682.27|2022
    country|SZ SWZ|Eswatini|142.86|2023
    country|TC TCA|Turks and Caicos Islands|653.85|2023
    country|TD TCD|Chad|615.39|2022
    country|TG TGO|Togo|478.26|2023
    country|TH THA|Thailand|555.43|2024
    country|TJ TJK|Tajikistan|98.7|2024
    country|TM TKM|Turkmenistan|1306.3|2023
    country|TN TUN|Tunisia|560.25|2024
    country|TO TON|Tonga|571.43|2023
    country|TR TUR|Türkiye|469.7|2024
    country|TT TTO|Trinidad and Tobago|682.11|2023
    country|TW TWN|Taiwan (China)|635.15|2024
    country|TZ TZA|Tanzania (the United Republic of)|371.59|2023
    country|UA UKR|Ukraine|250.47|2022
    country|UG UGA|Uganda|57.39|2022
    country|US USA|United States|383.55|2024
    country|UY URY|Uruguay|96.7|2024
    country|UZ UZB|Uzbekistan|1121.18|2023
    country|VC VCT|Saint Vincent and the Grenadines|600|2023
    country|VE VEN|Venezuela|180.25|2023
    country|VG VGB|Virgin Islands (British)|647.06|2023
    country|VI VIR|Virgin Islands (U.S.)|641.79|2023
    country|VN VNM|Viet Nam|486.13|2024
    country|VU VUT|Vanuatu|500|2023
    country|WS WSM|Samoa|400|2023
    country|XK XKX|Kosovo|958.72|2024
    country|YE YEM|Yemen|586.32|2023
    country|ZA ZAF|South Africa|713.9|2024
    country|ZM ZMB|Zambia|111|2023
    country|ZW ZWE|Zimbabwe|298.44|2023
    cloud|gcp:africa-south1 africa-south1|Johannesburg|656.85|2024
    cloud|gcp:asia-east1 asia-east1|Taiwan|439.29|2024
    cloud|gcp:asia-east2 asia-east2|Hong Kong|505.02|2024
    cloud|gcp:asia-northeast1 asia-northeast1|Tokyo|452.85|2024
    cloud|gcp:asia-northeast2 asia-northeast2|Osaka|296.19|2024
    cloud|gcp:asia-northeast3 asia-northeast3|Seoul|356.57|2024
    cloud|gcp:asia-south1 asia-south1|Mumbai|678.76|2024
    cloud|gcp:asia-south2 asia-south2|Delhi|531.83|2024
    cloud|gcp:asia-southeast1 asia-southeast1|Singapore|366.85|2024
    cloud|gcp:asia-southeast2 asia-southeast2|Jakarta|560.55|2024
    cloud|gcp:australia-southeast1 australia-southeast1|Sydney|497.5|2024
    cloud|gcp:australia-southeast2 australia-southeast2|Melbourne|454.37|2024
    cloud|gcp:europe-central2 europe-central2|Warsaw|642.88|2024
    cloud|gcp:europe-north1 europe-north1|Finland|39.32|2024
    cloud|gcp:europe-north2 europe-north2|Stockholm|2.73|2024
    cloud|gcp:europe-southwest1 europe-southwest1|Madrid|89.04|2024
    cloud|gcp:europe-west1 europe-west1|Belgium|103.37|2024
    cloud|gcp:europe-west10 europe-west10|Berlin|275.82|2024
    cloud|gcp:europe-west12 europe-west12|Turin|201.69|2024
    cloud|gcp:europe-west2 europe-west2|London|105.94|2024
    cloud|gcp:europe-west3 europe-west3|Frankfurt|275.82|2024
    cloud|gcp:europe-west4 europe-west4|Eemshaven|208.81|2024
    cloud|gcp:europe-west6 europe-west6|Zürich|15.05|2024
    cloud|gcp:europe-west8 europe-west8|Milan|201.69|2024
    cloud|gcp:europe-west9 europe-west9|Paris|16.3|2024
    cloud|gcp:me-central1 me-central1|Doha|366|2024
    cloud|gcp:me-central2 me-central2|Dammam|382.23|2024
    cloud|gcp:me-west1 me-west1|Tel Aviv|433.75|2024
    cloud|gcp:northamerica-northeast1 northamerica-northeast1|Montréal|5.48|2024
    cloud|gcp:northamerica-northeast2 northamerica-northeast2|Toronto|58.56|2024
    cloud|gcp:northamerica-south1 northamerica-south1|Mexico|305|2024
    cloud|gcp:southamerica-east1 southamerica-east1|Sāo Paulo|67.32|2024
    cloud|gcp:southamerica-west1 southamerica-west1|Santiago|238|2024
    cloud|gcp:us-central1 us-central1|Iowa|412.72|2024
    cloud|gcp:us-central2 us-central2|Oklahoma|372.23|2024
    cloud|gcp:us-east1 us-east1|South Carolina|575.77|2024
    cloud|gcp:us-east2 us-east2|Georgia|340.42|2024
    cloud|gcp:us-east4 us-east4|Northern Virginia|323.05|2024
    cloud|gcp:us-east5 us-east5|Columbus|323.05|2024
    cloud|gcp:us-south1 us-south1|Dallas|302.95|2024
    cloud|gcp:us-west1 us-west1|Oregon|79.23|2024
    cloud|gcp:us-west2 us-west2|Los Angeles|169.28|2024
    cloud|gcp:us-west3 us-west3|Salt Lake City|555.17|2024
    cloud|gcp:us-west4 us-west4|Las Vegas|357.3|2024
    """
}
