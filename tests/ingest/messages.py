"""Messages of banks that do not exist, about trade that never was."""

from __future__ import annotations

MT700 = """{1:F01ORYXAEADAXXX0123456789}{2:I700HANSDEHHXXXXN}\
{3:{108:LC2400512}{121:5f2c9e0a-7d41-4b7e-9c55-2f6a1d0b8e11}}{4:
:27:1/1
:40A:IRREVOCABLE
:20:LC-2400512
:31C:240115
:40E:UCP LATEST VERSION
:31D:240531HAMBURG, GERMANY
:50:FALCON ROUTE GENERAL TRADING LLC
OFFICE 1204, AL MASRAF TOWER
BANIYAS ROAD, DEIRA
DUBAI, UNITED ARAB EMIRATES
:59:/DE89370400440532013000
ELBTAL PRAEZISION GMBH
HAFENSTRASSE 12
20457 HAMBURG
GERMANY
:32B:EUR248500,00
:39A:05/05
:41A:HANSDEHHXXX
BY NEGOTIATION
:42C:90 DAYS AFTER B/L DATE
:42A:ORYXAEADXXX
:43P:ALLOWED
:43T:NOT ALLOWED
:44E:HAMBURG PORT, GERMANY
:44F:JEBEL ALI, UAE
:44C:240510
:45A:+ 12 SETS OF CNC MACHINING CENTRES MODEL EP-500
  WITH CONTROL UNITS AND SPARE PARTS
+ HS CODE 8457.10
+ TOTAL AMOUNT EUR 248.500,00 CIF JEBEL ALI (INCOTERMS 2020)
+ AS PER PROFORMA INVOICE NO. EP-PI-23/884 DATED 2023-12-20
  AND SALES CONTRACT NO. FR/EP/2023-17
+ COUNTRY OF ORIGIN: GERMANY
:46A:+ SIGNED COMMERCIAL INVOICE IN 3 ORIGINALS
+ FULL SET 3/3 CLEAN ON BOARD BILL OF LADING MADE OUT TO ORDER
  OF ORYX BANK, NOTIFY APPLICANT
+ PACKING LIST IN 3 COPIES
:47A:+ ALL DOCUMENTS MUST BEAR THIS CREDIT NUMBER
+ A DISCREPANCY FEE OF EUR 80,00 WILL BE DEDUCTED
:71D:ALL CHARGES OUTSIDE UAE FOR BENEFICIARY
:48:21/DAYS AFTER SHIPMENT
:49:WITHOUT
:78:WE SHALL REMIT ON RECEIPT OF COMPLYING DOCUMENTS
:99Z:SOMETHING NEW
-}{5:{CHK:1A2B3C4D5E6F}}"""

MT707 = """{1:F01ORYXAEADAXXX0123456790}{2:I707HANSDEHHXXXXN}{4:
:27:1/1
:20:LC-2400512
:21:NONREF
:23:LC-2400512
:52A:ORYXAEADXXX
:31C:240115
:26E:1
:30:240401
:22A:ISSU
:31D:240630HAMBURG, GERMANY
:32B:EUR20000,00
:44C:240610
:45B:/ADD/
+ 1 SET OF TOOL MAGAZINES
-}"""

MT707_SECOND = """{1:F01ORYXAEADAXXX0123456791}{2:I707HANSDEHHXXXXN}{4:
:20:LC-2400512
:21:NONREF
:31C:240115
:26E:2
:30:240420
:33B:EUR8500,00
:43P:NOT ALLOWED
:79Z:ALL OTHER TERMS REMAIN UNCHANGED
-}"""

COVER = """{1:F01HANSDEHHAXXX0000000000}{2:I202PARKUS33XXXXN}\
{3:{119:COV}{121:0b1d7c1e-5a1f-4c5e-8f2b-6f0c2a4d9e77}}{4:
:20:COV240607-17
:21:CT240607-17
:13C:/CLSTIME/0915+0100
:32A:240607USD180250,75
:52A:HANSDEHHXXX
:53B:/400123456
:57A:PARKUS33XXX
:58A:/8900067890
ORYXAEADXXX
:50F:/DE89370400440532013000
1/KIELER FOERDE HANDELS GMBH
2/KAISTRASSE 40
3/DE/24103 KIEL
:52A:HANSDEHHXXX
:57A:ORYXAEADXXX
:59:/AE070331234567890123456
FALCON ROUTE GENERAL TRADING LLC
OFFICE 1204, AL MASRAF TOWER
DUBAI, UNITED ARAB EMIRATES
:70:/INV/FR-2024-091
B/L NO HLCUJEA240500117 BALL BEARINGS
:72:/INS/HANSDEHH
:33B:EUR166900,00
-}{5:{MAC:00000000}{CHK:123456789ABC}}"""

APP_HEADER = """<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">
  <Fr><FIId><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></FIId></Fr>
  <To><FIId><FinInstnId><BICFI>ORYXAEADXXX</BICFI></FinInstnId></FIId></To>
  <BizMsgIdr>M-0001</BizMsgIdr><MsgDefIdr>pacs.008.001.08</MsgDefIdr><CreDt>2024-06-07T09:15:00Z</CreDt>
</AppHdr>"""

PACS008 = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">
<FIToFICstmrCdtTrf>
  <GrpHdr>
    <MsgId>M-0001</MsgId><CreDtTm>2024-06-07T09:15:00+01:00</CreDtTm><NbOfTxs>2</NbOfTxs>
    <SttlmInf><SttlmMtd>COVE</SttlmMtd></SttlmInf>
    <InstgAgt><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></InstgAgt>
    <InstdAgt><FinInstnId><BICFI>ORYXAEADXXX</BICFI></FinInstnId></InstdAgt>
  </GrpHdr>
  <CdtTrfTxInf>
    <PmtId><InstrId>I-1</InstrId><EndToEndId>KF-4711</EndToEndId>
      <UETR>0b1d7c1e-5a1f-4c5e-8f2b-6f0c2a4d9e77</UETR></PmtId>
    <IntrBkSttlmAmt Ccy="USD">180250.75</IntrBkSttlmAmt><IntrBkSttlmDt>2024-06-07</IntrBkSttlmDt>
    <InstdAmt Ccy="EUR">166900.00</InstdAmt><XchgRate>1.08</XchgRate><ChrgBr>SHAR</ChrgBr>
    <IntrmyAgt1><FinInstnId><BICFI>PARKUS33XXX</BICFI></FinInstnId></IntrmyAgt1>
    <UltmtDbtr><Nm>Nordlicht Lager AG</Nm><PstlAdr><Ctry>CH</Ctry></PstlAdr></UltmtDbtr>
    <Dbtr><Nm>Kieler Foerde Handels GmbH</Nm>
      <PstlAdr><StrtNm>Kaistrasse</StrtNm><BldgNb>40</BldgNb><PstCd>24103</PstCd><TwnNm>Kiel</TwnNm>
        <Ctry>DE</Ctry></PstlAdr>
      <Id><OrgId><LEI>529900T8BM49AURSDO55</LEI></OrgId></Id></Dbtr>
    <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
    <DbtrAgt><FinInstnId><BICFI>HANSDEHHXXX</BICFI><Nm>Hansa Handelsbank</Nm></FinInstnId></DbtrAgt>
    <CdtrAgt><FinInstnId><BICFI>ORYXAEADXXX</BICFI></FinInstnId></CdtrAgt>
    <Cdtr><Nm>Falcon Route General Trading LLC</Nm>
      <PstlAdr><TwnNm>Dubai</TwnNm><Ctry>AE</Ctry></PstlAdr></Cdtr>
    <CdtrAcct><Id><IBAN>AE070331234567890123456</IBAN></Id></CdtrAcct>
    <Purp><Cd>GDDS</Cd></Purp>
    <RmtInf><Ustrd>BALL BEARINGS</Ustrd>
      <Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>FR-2024-091</Nb></RfrdDocInf>
        <RfrdDocInf><Tp><CdOrPrtry><Cd>BOLD</Cd></CdOrPrtry></Tp><Nb>HLCUJEA240500117</Nb></RfrdDocInf>
        <CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
  </CdtTrfTxInf>
  <CdtTrfTxInf>
    <PmtId><EndToEndId>KF-4712</EndToEndId><TxId>T-2</TxId></PmtId>
    <IntrBkSttlmAmt Ccy="EUR">9900</IntrBkSttlmAmt>
    <Dbtr><Nm>Kieler Foerde Handels GmbH</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr></Dbtr>
    <DbtrAgt><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></DbtrAgt>
    <CdtrAgt><FinInstnId><ClrSysMmbId>
      <ClrSysId><Cd>CHBCC</Cd></ClrSysId><MmbId>00762</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>
    <Cdtr><Nm>Ursina Tobler</Nm><Id><PrvtId><DtAndPlcOfBirth><BirthDt>1971-05-17</BirthDt>
      <CityOfBirth>Chur</CityOfBirth><CtryOfBirth>CH</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id></Cdtr>
    <CdtrAcct><Id><Othr><Id>40-123-9</Id></Othr></Id></CdtrAcct>
  </CdtTrfTxInf>
</FIToFICstmrCdtTrf>
</Document>"""

PACS009 = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08">
<FICdtTrf>
  <GrpHdr><MsgId>C-1</MsgId><CreDtTm>2024-06-07T09:20:00Z</CreDtTm><NbOfTxs>1</NbOfTxs>
    <SttlmInf><SttlmMtd>INDA</SttlmMtd></SttlmInf></GrpHdr>
  <CdtTrfTxInf>
    <PmtId><InstrId>COV240607-17</InstrId><EndToEndId>CT240607-17</EndToEndId>
      <UETR>0b1d7c1e-5a1f-4c5e-8f2b-6f0c2a4d9e77</UETR></PmtId>
    <IntrBkSttlmAmt Ccy="USD">180250.75</IntrBkSttlmAmt><IntrBkSttlmDt>2024-06-07</IntrBkSttlmDt>
    <InstgAgt><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></InstgAgt>
    <InstdAgt><FinInstnId><BICFI>PARKUS33XXX</BICFI></FinInstnId></InstdAgt>
    <Dbtr><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></Dbtr>
    <Cdtr><FinInstnId><BICFI>ORYXAEADXXX</BICFI></FinInstnId></Cdtr>
    <UndrlygCstmrCdtTrf>
      <Dbtr><Nm>Kieler Foerde Handels GmbH</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr></Dbtr>
      <DbtrAgt><FinInstnId><BICFI>HANSDEHHXXX</BICFI></FinInstnId></DbtrAgt>
      <CdtrAgt><FinInstnId><BICFI>ORYXAEADXXX</BICFI></FinInstnId></CdtrAgt>
      <Cdtr><Nm>Falcon Route General Trading LLC</Nm><PstlAdr><AdrLine>Office 1204</AdrLine>
        <AdrLine>Dubai</AdrLine><Ctry>AE</Ctry></PstlAdr></Cdtr>
      <RmtInf><Ustrd>INVOICE FR-2024-091</Ustrd></RmtInf>
      <InstdAmt Ccy="EUR">166900.00</InstdAmt>
    </UndrlygCstmrCdtTrf>
  </CdtTrfTxInf>
</FICdtTrf>
</Document>"""


def enveloped(*documents: str) -> str:
    """Business messages, each with its header, in one envelope."""
    inside = "".join(f"<BusMsg>{APP_HEADER}{document}</BusMsg>" for document in documents)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<Envelope xmlns="urn:swift:xsd:envelope">{inside}</Envelope>'
